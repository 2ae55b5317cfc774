import { type Ran, run, type RunOptions } from './run.ts';

export interface Served {
  readonly port: number;
  /** Everything, once the server has ended. */
  readonly ran: Promise<Ran>;
  /** What it has said so far, a document a line. */
  readonly reports: () => readonly Report[];
  stop(): Promise<Ran>;
}

export interface Report {
  readonly ok: boolean;
  readonly result: Record<string, unknown> & { readonly event: string };
  readonly problem?: Record<string, unknown>;
}

/** `sealwire serve` on a free port; resolves when it listens. */
export async function served(args: readonly string[], options: RunOptions = {}): Promise<Served> {
  const controller = new AbortController();
  let text = '';
  let heard: (port: number) => void = () => {};
  const listens = new Promise<number>((resolve) => (heard = resolve));
  const ran = run(['serve', '-accept', '0', '--json', ...args], {
    ...options,
    signal: controller.signal,
    onOutput: (chunk) => {
      text += chunk;
      const [, port] = /"address":"127\.0\.0\.1:(\d+)"/.exec(text) ?? [];
      if (port !== undefined) heard(Number(port));
    },
  });
  const port = await Promise.race([
    listens,
    ran.then(({ stderr }) => {
      throw new Error(`the server ended: ${stderr}`);
    }),
  ]);
  const reports = () =>
    text
      .split('\n')
      .slice(0, -1)
      .map((line) => JSON.parse(line) as Report);
  return {
    port,
    ran,
    reports,
    stop: () => {
      controller.abort();
      return ran;
    },
  };
}
