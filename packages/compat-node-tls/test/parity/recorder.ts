import { normalised } from './normalise.ts';

/** What one side has seen, line by line. */
export class Recorder {
  readonly lines: string[] = [];
  readonly #side: string;

  constructor(side: string) {
    this.#side = side;
  }

  /** An event or a result, with values as they are shown to whoever reads a difference. */
  note(what: string, ...values: readonly unknown[]): void {
    this.lines.push([what, ...values.map((value) => shown(value))].join(' '));
  }

  /** Notes these events of an emitter, in the order in which they come. */
  listen(emitter: NodeJS.EventEmitter, events: readonly string[], prefix = ''): void {
    for (const event of events) emitter.on(event, (...args) => this.note(`${prefix}${event}`, ...args));
  }

  get side(): string {
    return this.#side;
  }
}

/** What a call comes to: a value, or what it throws. */
export function outcomeOf(call: () => unknown): unknown {
  try {
    return call();
  } catch (error) {
    return { thrown: error };
  }
}

function shown(value: unknown): string {
  if (value instanceof Error) return errorText(value);
  if (Buffer.isBuffer(value)) return `Buffer(${value.length})`;
  if (typeof value === 'function') return 'function';
  if (typeof value === 'object' && value !== null) {
    if ('thrown' in value) return `thrown ${shown(value.thrown)}`;
    if ('on' in value && 'emit' in value) return value.constructor.name;
    return JSON.stringify(value, (_, inner: unknown) => (inner instanceof Error ? errorText(inner) : inner));
  }
  return typeof value === 'string' ? JSON.stringify(value) : String(value);
}

/** Class, message and own enumerable properties, which is what applications look at. */
function errorText(error: Error): string {
  const own = Object.entries(error).filter(([name]) => name !== 'cert');
  const properties = own.map(([name, value]) => `${name}=${shown(value)}`);
  return normalised(`${String(error)} {${properties.join(', ')}}`);
}
