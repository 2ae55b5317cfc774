import type { ClearText } from './clear-text.ts';
import { notOffered, refused, type StartOptions } from './answers.ts';

/** RFC 6120 §5.4. */
export async function startXmpp(text: ClearText, { name, host }: StartOptions): Promise<void> {
  text.write(
    `<?xml version='1.0'?><stream:stream xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams' to='${escaped(
      name ?? host,
    )}' version='1.0'>`,
  );
  const features = await text.until(/<\/(\w+:)?features>|<(\w+:)?features\s*\/>|<\/(\w+:)?stream>/);
  if (!/<starttls\b[^<>]*xmlns=(['"])urn:ietf:params:xml:ns:xmpp-tls\1/.test(features))
    throw notOffered('STARTTLS');
  text.write("<starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>");
  const answer = await text.until(/<(proceed|failure)\b[^<>]*?(\/>|><\/\1>)|<\/(\w+:)?stream>/);
  if (!/<proceed\b/.test(answer)) throw refused('<proceed/>', answer);
}

function escaped(text: string): string {
  return text.replace(/[<>&'"]/g, (character) => `&#${character.charCodeAt(0)};`);
}
