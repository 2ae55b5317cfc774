import { describe, expect, it } from 'vitest';
import { heardMore, isAlertOfOtherVersion, nothingHeard, reasonOfBeginning, speaksTls } from './heard.ts';

const said = (text: string | Buffer, size = 1) => {
  const bytes = Buffer.from(text as string, 'latin1');
  let heard = nothingHeard;
  for (let at = 0; at < bytes.length; at += size) heard = heardMore(heard, bytes.subarray(at, at + size));
  return heard;
};

describe('what a peer has been heard to say', () => {
  it('is kept as far as it tells something, however it comes', () => {
    const long = `GET / HTTP/1.1\r\n${'x'.repeat(10_000)}`;
    for (const size of [1, 3, 11, 20_000]) {
      const { first, latest } = said(long, size);
      expect(Buffer.from(first).toString()).toBe('GET / HTTP/');
      expect(latest.length).toBeLessThanOrEqual(3);
    }
  });

  it('is not the bytes of the chunk, which are somebody else’s', () => {
    const chunk = Buffer.from('GET / HTTP/1.1');
    const { first, latest } = heardMore(nothingHeard, chunk);
    chunk.fill(0);
    expect(Buffer.from(first).toString()).toBe('GET / HTTP/');
    expect(Buffer.from(latest).toString()).toBe('GET');
  });

  it.each([
    ['GET / HTTP/1.1', 'http request'],
    ['POST / HTTP/1.1', 'http request'],
    ['HEAD / HTTP/1.1', 'http request'],
    ['PUT / HTTP/1.1', 'http request'],
    ['CONNECT a:443 HTTP/1.1', 'https proxy request'],
    ['OPTIONS / HTTP/1.1', 'wrong version number'],
    ['\x80\x2e\x01\x03\x01', 'unsupported protocol'],
    ['\x63\x03\x03\x00\x02\x00\x00', 'unexpected message'],
  ])('a server says of %j: %s', (text, reason) => {
    expect(reasonOfBeginning(said(text), 'peer.unknownRecordType', 'server')).toBe(reason);
  });

  it('means less to a client, whom nobody asks for a page', () => {
    const reason = reasonOfBeginning(said('GET / HTTP/1.1'), 'peer.unknownRecordType', 'client');
    expect(reason).toBe('wrong version number');
  });

  it('is TLS by the version of its first record', () => {
    expect(speaksTls(said('\x16\x03\x01'))).toBe(true);
    expect(speaksTls(said('\x16'))).toBe(true);
    expect(speaksTls(said('HTTP/1.1 400 Bad Request'))).toBe(false);
  });

  it('ends with an alert, in a record of which version is seen where the chunk begins with it', () => {
    const alert = said('\x15\x03\x03\x00\x02\x02\x46', 7);
    expect(isAlertOfOtherVersion(alert, 0x0301)).toBe(true);
    expect(isAlertOfOtherVersion(alert, 0x0303)).toBe(false);
    expect(isAlertOfOtherVersion(said('\x15\x03\x03\x00\x02\x02\x46', 4), 0x0301)).toBe(false);
  });
});
