import { type ChildProcess, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { Call } from './builtin-child.ts';
import type { Dialed, Implementation } from './peer.ts';

export interface Remote extends Implementation {
  /** What a server there has seen of sessions. */
  seen(port: number): Promise<readonly string[]>;
  end(): void;
}

type Wanted = Call extends infer C ? (C extends Call ? Omit<C, 'id'> : never) : never;

/** `node:tls` of another Node, which takes TypeScript as it is (22.18 or newer). Its servers keep no sessions by their ids. */
export function remote(name: string, binary: string): Remote {
  const child: ChildProcess = spawn(binary, [childPath], { stdio: ['pipe', 'pipe', 'inherit'] });
  const waiting = new Map<number, (result: unknown) => void>();
  let last = 0;
  createInterface({ input: child.stdout! }).on('line', (line) => {
    const { id, result } = JSON.parse(line) as { id: number; result: unknown };
    waiting.get(id)!(result);
  });
  const call = (wanted: Wanted): Promise<unknown> =>
    new Promise((resolve) => {
      const id = ++last;
      waiting.set(id, resolve);
      child.stdin!.write(`${JSON.stringify({ id, ...wanted })}\n`);
    });
  return {
    name,
    dial: (wishes) => call({ call: 'dial', wishes }) as Promise<Dialed>,
    async serve(wishes) {
      const port = (await call({ call: 'serve', wishes })) as number;
      return {
        port,
        store: new Map(),
        seen: [],
        setTicketKeys: (keys) => void call({ call: 'setTicketKeys', port, keys }),
        close: async () => void (await call({ call: 'close', port })),
      };
    },
    seen: (port) => call({ call: 'seen', port }) as Promise<readonly string[]>,
    end: () => child.stdin!.end(),
  };
}

const childPath = fileURLToPath(new URL('builtin-child.ts', import.meta.url));
