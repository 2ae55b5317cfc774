import { ApiMisuseError, InternalError } from '../errors/tls-error.ts';
import type { RawExtension } from '../extensions/definition.ts';
import { knownExtensions } from '../extensions/matrix.ts';
import { arrayOr, registered, spelt } from './checks.ts';

/**
 * The messages that a custom extension may stand in, as RFC 9846 §4.3 abbreviates them. CT: the entry of the sender's own
 * certificate. SH12: the ServerHello of TLS 1.2 and older, which with the ClientHello is all that has extensions there.
 */
export type CustomPlace = (typeof customPlaces)[number];

/**
 * An extension of the application's own, by its number. Sealwire keeps the rules that hold for all (RFC 9846 §4.3): it
 * stands in the messages that are named here and in no other, once; and SH, SH12, EE and CT, which answer, have it only where
 * the message that they answer had it.
 */
export interface CustomExtension {
  /** An extension type that Sealwire does not know itself. */
  readonly type: number;
  /**
   * What we send: `extension_data`, or a pure function of what is known that gives it, `undefined` for none.
   */
  readonly send?: {
    readonly [P in CustomPlace]?: Uint8Array | ((asked: CustomAsked) => Uint8Array | undefined);
  };
  /**
   * What the peer may send, and who judges it: a pure function of its data, `undefined` where the message lacks it, that
   * returns nothing or a refusal. `true` takes whatever comes. The data also becomes the fact `peerExtensions`.
   */
  readonly receive?: {
    readonly [P in CustomPlace]?:
      | true
      | ((data: Uint8Array | undefined, asked: CustomAsked) => CustomRefusal | undefined);
  };
}

/** What is known when a custom extension is sent or judged. */
export interface CustomAsked {
  /** The data of the same type in the message that is answered: CH for SH, SH12, EE and the server's CT; CR for the client's CT. */
  readonly request: Uint8Array | undefined;
}

/** Why the peer's extension ends the connection: with illegal_parameter, decode_error, missing_extension, or handshake_failure. */
export interface CustomRefusal {
  readonly reason: 'illegal' | 'malformed' | 'missing' | 'refused';
  readonly message: string;
}

/** What `CustomAsked` is made from: the extensions of the message that is answered. */
export interface AskedBlock {
  raw(extension: { readonly type: number }): Uint8Array | undefined;
}

/** Our custom extensions for one message. */
export function ownCustomExtensions(
  extensions: readonly CustomExtension[],
  place: CustomPlace,
  request: AskedBlock | undefined,
): RawExtension[] {
  return extensions.flatMap(({ type, send }) => {
    const asked = request?.raw({ type });
    if (answers.includes(place) && asked === undefined) return [];
    const given = send?.[place];
    const data = typeof given === 'function' ? given({ request: asked }) : given;
    if (data === undefined) return [];
    if (!(data instanceof Uint8Array) || data.length > maxDataBytes) {
      throw new InternalError(`custom extension ${type} in ${place}: expected at most ${maxDataBytes} bytes`);
    }
    return [{ type, data }];
  });
}

/** `ApiMisuseError` for extensions that could never work. */
export function checkedCustomExtensions(
  given: readonly CustomExtension[] | undefined,
): readonly CustomExtension[] {
  const extensions = arrayOr('customExtensions', given, []);
  if (extensions.length === 0) return extensions;
  const seen = new Set<number>(knownExtensions.map(({ type }) => type));
  for (const { type, send = {}, receive = {} } of extensions) {
    if (!Number.isInteger(type) || type < 0 || type > 0xffff)
      throw new ApiMisuseError(`customExtensions: a type is an integer from 0 to 65535, got ${spelt(type)}`);
    if (seen.has(type))
      throw new ApiMisuseError(
        `customExtensions: ${registered(type)} is Sealwire's own, or stands there twice`,
      );
    seen.add(type);
    const named = [...Object.keys(send), ...Object.keys(receive)];
    const unknown = named.find((place) => !(customPlaces as readonly string[]).includes(place));
    if (named.length === 0 || unknown !== undefined) {
      throw new ApiMisuseError(
        `customExtensions: ${registered(type)} must name messages of ${customPlaces.join(', ')}, got ${spelt(unknown ?? 'none')}`,
      );
    }
    const isSendable = (value: unknown) => value instanceof Uint8Array || typeof value === 'function';
    const isReceivable = (value: unknown) => value === true || typeof value === 'function';
    if (!Object.values(send).every(isSendable) || !Object.values(receive).every(isReceivable)) {
      throw new ApiMisuseError(
        `customExtensions: ${registered(type)} needs a Uint8Array or a function to send, true or a function to receive`,
      );
    }
  }
  return extensions;
}

const customPlaces = ['CH', 'SH', 'SH12', 'EE', 'CR', 'CT', 'NST'] as const;

const answers: readonly CustomPlace[] = ['SH', 'SH12', 'EE', 'CT'];

const maxDataBytes = 65_535;
