import type { RequestListener } from 'node:http';
import type { TlsStream } from '@sealwire/node-transport';
import { connectionReport } from '../../tls/connection-report.ts';
import { printable } from '../../text/printable.ts';
import { httpService, type Patience, type Service } from './service.ts';

/** A page about the connection that the request came by, as HTML, or as JSON for whoever accepts that. */
export function statusService(patience?: Patience): Service {
  const listener =
    (stream: TlsStream): RequestListener =>
    (request, response) => {
      const report = connectionReport(stream.facts, undefined);
      const wantsJson = request.headers.accept?.includes('application/json') === true;
      const body = wantsJson ? `${JSON.stringify(report, undefined, 2)}\n` : pageOf(stream);
      response
        .writeHead(200, {
          'content-type': wantsJson ? 'application/json' : 'text/html; charset=utf-8',
          'content-security-policy': "default-src 'none'; style-src 'unsafe-inline'",
          'cache-control': 'no-store',
        })
        .end(request.method === 'HEAD' ? undefined : body);
    };
  return httpService(listener, patience);
}

function pageOf({ facts }: TlsStream): string {
  const report = connectionReport(facts, undefined);
  const rows: readonly (readonly [string, string | undefined])[] = [
    ['version', report.version],
    ['cipher suite', report.cipherSuite],
    ['key exchange', report.group],
    ['server name', report.serverName ?? 'none'],
    ['protocol (ALPN)', report.alpnProtocol ?? 'none'],
    ['session', report.isResumed ? 'resumed' : 'new'],
    ['early data', report.earlyData],
    ['pre-shared key', report.pskIdentity],
    ['client certificate', report.peer?.chain[0]?.subject ?? 'none'],
    ['protocols that the client offered', facts.clientAlpnProtocols?.join(', ')],
  ];
  const shown = rows.flatMap(([name, value]) =>
    value === undefined ? [] : [`<tr><th>${escaped(name)}</th><td>${escaped(value)}</td></tr>`],
  );
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>sealwire</title>
<style>body{font-family:sans-serif}th{text-align:left;padding-right:2em}</style></head>
<body><h1>This connection</h1><table>
${shown.join('\n')}
</table></body></html>
`;
}

/** What clients say must not become part of the page. */
function escaped(text: string): string {
  return printable(text).replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
