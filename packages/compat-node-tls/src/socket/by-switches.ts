import { appendFile } from 'node:fs';
import { switches } from '../process/switches.ts';

/** `--tls-keylog` and `--trace-tls`: what they have every socket do. Of either there is one warning in a process. */
export function observeBySwitches(socket: {
  on(event: 'keylog', listener: (line: Buffer) => void): unknown;
  enableTrace(): void;
}): void {
  const { keylogFile, traces } = switches();
  if (traces) {
    warnOnce('trace', 'Enabling --trace-tls can expose sensitive data in the resulting log.');
    socket.enableTrace();
  }
  if (keylogFile === undefined) return;
  warnOnce(
    'keylog',
    `Using --tls-keylog makes TLS connections insecure by writing secret key material to file ${keylogFile}`,
  );
  socket.on('keylog', (line) => {
    // Nobody but the owner is to read it.
    appendFile(keylogFile, line, { mode: 0o600 }, (error) => {
      if (error)
        warnOnce('failure', `Failed to write TLS keylog (this warning will not be repeated): ${error}`);
    });
  });
}

function warnOnce(what: string, text: string): void {
  if (warned.has(what)) return;
  warned.add(what);
  process.emitWarning(text);
}

const warned = new Set<string>();
