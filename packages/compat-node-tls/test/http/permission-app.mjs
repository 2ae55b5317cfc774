/** http2 with itself, by the built entry: `node permission-app.mjs ENTRY IDENTITY`; told is what both sides know of their session. */
const [entry, identity] = process.argv.slice(2);
const { default: http2 } = await import(entry);
const { key, cert, ca } = JSON.parse(identity);

const tell = (side, { encrypted, alpnProtocol }, ...more) =>
  process.stdout.write(`${JSON.stringify([side, encrypted, alpnProtocol, ...more])}\n`);
const server = http2.createSecureServer({ key, cert }, (request, response) => {
  tell('server', request.stream.session, request.httpVersion);
  response.end('answer');
});
server.listen(0, '127.0.0.1', () => {
  const session = http2.connect(`https://localhost:${server.address().port}`, { ca });
  const stream = session.request({ ':path': '/' });
  let text = '';
  stream.setEncoding('utf8').on('data', (chunk) => (text += chunk));
  stream.on('end', () => {
    tell('client', session, text);
    session.close();
    server.close();
  });
  stream.end();
});
