import { isX509Error } from '@sealwire/x509';
import type { Host } from './host.ts';
import { Problem } from './problem.ts';

/**
 * Does something with a key that may be encrypted. Where nobody has said a passphrase and somebody sits there, he is asked, as OpenSSL
 * does; once, and nothing of what he types is shown.
 */
export async function withPassphrase<T>(
  path: string,
  given: string | undefined,
  host: Host,
  use: (passphrase: string | undefined) => T,
): Promise<T> {
  try {
    return use(given);
  } catch (error) {
    const isAsked = isX509Error(error) && error.code === 'encryption.passphraseMissing' && isTyped(host);
    if (!isAsked) throw error;
  }
  return use(await typed(`Passphrase of ${path}: `, host));
}

function isTyped({ stdin, stderr }: Host): boolean {
  return stdin.isTTY === true && stderr.isTTY === true && stdin.setRawMode !== undefined;
}

/** One line, as a terminal gives it key by key when it does not show them. */
async function typed(question: string, { stdin, stderr, signal }: Host): Promise<string> {
  stderr.write(question);
  let line = '';
  /** What was typed behind the line: not part of it, and not lost. */
  let rest = '';
  let stop = () => {};
  try {
    return await new Promise<string>((resolve, reject) => {
      const giveUp = () => reject(interrupted());
      const decoder = new TextDecoder();
      const onKeys = (chunk: Buffer) => {
        const keys = [...decoder.decode(chunk, { stream: true })];
        for (const [index, key] of keys.entries()) {
          if (key === '\r' || key === '\n') {
            rest = keys.slice(index + 1).join('');
            // At once: what comes after it is for whoever reads next.
            stop();
            stdin.pause();
            return resolve(line);
          }
          if (key === interrupt || key === endOfInput) return giveUp();
          if (key === eraseLine) line = '';
          else if (key === erase || key === '\b') line = [...line].slice(0, -1).join('');
          else line += key;
        }
      };
      stop = () => {
        stdin.off('data', onKeys).off('end', giveUp);
        signal.removeEventListener('abort', giveUp);
      };
      // It may be over before anybody is asked, or the answer may be.
      if (signal.aborted || stdin.readableEnded) return giveUp();
      stdin.on('data', onKeys).on('end', giveUp);
      signal.addEventListener('abort', giveUp);
      stdin.setRawMode?.(true);
      // A listener alone does not wake what was paused after an earlier question.
      stdin.resume();
    });
  } finally {
    stop();
    stdin.setRawMode?.(false);
    stdin.pause();
    // As a terminal gives it that shows what is typed.
    if (rest !== '') stdin.unshift(Buffer.from(rest.replace(/\r\n?/g, '\n')));
    stderr.write('\n');
  }
}

function interrupted(): Problem {
  return new Problem('interrupted', 'interrupted', 'interrupted');
}

/** What keys send: Ctrl-C, Ctrl-D, Ctrl-U, backspace. */
const interrupt = '\u0003';
const endOfInput = '\u0004';
const eraseLine = '\u0015';
const erase = '\u007f';
