import { decodeSession, encodeSession, type Session } from '@sealwire/core';
import { encodePem, isX509Error, parsePem } from '@sealwire/x509';
import { fileContents, writeResult } from '../files.ts';
import type { Host } from '../host.ts';
import { Problem } from '../problem.ts';

/** PEM has a label for everything; OpenSSL's SSL SESSION PARAMETERS hold less than is needed here. */
export const sessionLabel = 'SEALWIRE SESSION';

/** Writes sessions over a file, the newest first, readable by its owner alone: they hold secrets. */
export function writeSessions(sessions: readonly Session[], path: string, host: Host): void {
  const text = sessions.map((session) => encodePem(sessionLabel, encodeSession(session))).join('');
  writeResult(text, path, host, { secret: true });
}

export async function readSessions(path: string, host: Host): Promise<Session[]> {
  return sessionsIn(Buffer.from(await fileContents(path, host)).toString('latin1'), path);
}

export function sessionsIn(text: string, path: string): Session[] {
  const wrong = (message: string, cause?: unknown) =>
    new Problem('file', 'session.malformed', `${path}: ${message}`, {
      advice: 'files of -sess_out are read, those of other programs are not',
      cause,
    });
  let blocks: ReturnType<typeof parsePem>;
  try {
    blocks = parsePem(text).filter(({ label }) => label === sessionLabel);
  } catch (error) {
    if (isX509Error(error)) throw wrong(error.message, error);
    throw error;
  }
  if (blocks.length === 0)
    throw wrong(
      text.includes('BEGIN SSL SESSION PARAMETERS')
        ? `expected a ${sessionLabel}, got a session of OpenSSL, which does not say all that is needed to resume it here`
        : `expected a ${sessionLabel}`,
    );
  return blocks.map(({ der }) => {
    const session = decodeSession(der);
    if (session === undefined) throw wrong('the session is damaged, or of another version of this program');
    return session;
  });
}
