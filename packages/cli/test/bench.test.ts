import { describe, expect, it } from 'vitest';
import { paths, run } from './run.ts';
import { served } from './served.ts';

describe('bench', () => {
  it('measures a server, and says where it cannot', async () => {
    const server = await served(['-cert', paths.serverCert, '-key', paths.serverKey]);
    const to = `localhost:${server.port}`;
    const measured = await run([
      'bench',
      to,
      '-CAfile',
      paths.root,
      '-time',
      '0.1',
      '--parallel',
      '2',
      '--what',
      'resumed',
      '--json',
    ]);
    await server.stop();
    expect(measured.code).toBe(0);
    const { result } = JSON.parse(measured.stdout);
    expect(result).toMatchObject({
      against: to,
      version: 'TLS 1.3',
      measures: [{ what: 'resumed handshakes' }],
    });
    expect(result.measures[0].count).toBeGreaterThan(0);
    expect(
      (await run(['bench', '-unix', '/no/such/socket', '-servername', 'x', '--seconds', '0.1'])).code,
    ).toBe(4);
  });
});
