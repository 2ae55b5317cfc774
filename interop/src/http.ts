import type { OwnEnd } from './own-end.ts';

/** Answers HTTP/1.1 requests on one connection: a GET gets a page, a POST its own body. `closes`: each time for the last time. */
export function serveHttp(end: OwnEnd, closes = false): void {
  void answerAll(end, closes).catch(() => end.destroy());
}

async function answerAll(end: OwnEnd, closes: boolean): Promise<void> {
  for (let at = 0; ; ) {
    await end.until('request', () => headEnd(end, at) !== -1 || end.peerClosed !== undefined, idleMs);
    const bodyStart = headEnd(end, at);
    if (bodyStart === -1) return;
    const head = Buffer.from(end.receivedFrom(at)).toString('latin1', 0, bodyStart - at);
    const length = Number(/^content-length: *(\d+)/im.exec(head)?.[1] ?? 0);
    if (/^expect: *100-continue/im.test(head)) await end.send('HTTP/1.1 100 Continue\r\n\r\n');
    await end.until('body', () => end.receivedBytes >= bodyStart + length, idleMs);
    const body = end.receivedFrom(bodyStart).subarray(0, length);
    const isPost = head.startsWith('POST');
    const answer = isPost ? body : Buffer.from(page);
    const type = isPost ? 'application/octet-stream' : 'text/html';
    // A client that asks so will not use this connection again.
    const last = closes || /^connection: *close/im.test(head) ? 'Connection: close\r\n' : '';
    await end.send(
      `HTTP/1.1 200 OK\r\nContent-Type: ${type}\r\nContent-Length: ${answer.length}\r\n${last}Cache-Control: no-store\r\n\r\n`,
    );
    await end.send(answer);
    at = bodyStart + length;
  }
}

function headEnd(end: OwnEnd, at: number): number {
  const index = Buffer.from(end.receivedFrom(at)).indexOf('\r\n\r\n');
  return index === -1 ? -1 : at + index + 4;
}

/** Sends a word back and forth from within a browser, and keeps what came back. */
const page = `<!doctype html><title>interop</title><script>
fetch('/echo', { method: 'POST', body: 'word of the page' }).then((answer) => answer.text())
  .then((text) => (globalThis.outcome = text), (error) => (globalThis.outcome = String(error)));
</script>`;
const idleMs = 60_000;
