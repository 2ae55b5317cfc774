import { execFileSync } from 'node:child_process';
import { afterAll, describe, expect, it } from 'vitest';
import {
  bindsSessionsToHosts,
  decodeNodeSession,
  encodeNodeSession,
} from '../../src/session/node-session.ts';
import { decodeSslSession, encodeSslSession } from '../../src/session/ssl-session.ts';
import { TicketKeys } from '../../src/session/ticket-keys.ts';
import { dialing, expectSame, scenes, serving, ticketKeys, twice, type Version } from './fleet.ts';
import { otherNodes } from './nodes.ts';
import { ours } from './ours.ts';
import type { Serving } from './peer.ts';
import { remote } from './remote.ts';

const nodes = process.env['SEALWIRE_PROFILE'] === 'full' ? otherNodes() : 'only with SEALWIRE_PROFILE=full';
if (typeof nodes === 'string') {
  console.log(`skipped: sessions beside other releases of Node, ${nodes}`);
  it.skip('other releases of Node');
}

describe.each(typeof nodes === 'string' ? [] : nodes)('%s', (binary) => {
  const version = execFileSync(binary, ['-p', 'process.versions.node'], { encoding: 'utf8' }).trim();
  const theirs = remote(`Node ${version}`, binary);
  const own = ours(bindsSessionsToHosts(version));
  const both = [theirs, own];
  const open: Serving[] = [];
  afterAll(async () => {
    await Promise.all(open.map((each) => each.close()));
    theirs.end();
  });
  const served = async (...wanted: Parameters<typeof serving>): Promise<Serving> => {
    const server = await serving(...wanted);
    open.push(server);
    return server;
  };

  describe.each<Version>(['TLSv1.2', 'TLSv1.3'])('%s', (tlsVersion) => {
    it.each(scenes)('resumes whatever either has issued: $name', async (scene) => {
      for (const first of both) {
        for (const client of both) {
          const begun = { client, server: await served(first, tlsVersion, scene.server) };
          for (const second of both) {
            const server = await served(second, tlsVersion, scene.server);
            for (const other of both)
              expectSame(await twice(tlsVersion, scene, begun, { client: other, server }), scene);
          }
        }
      }
    });

    it.each(scenes)('has sessions that come back byte for byte: $name', async (scene) => {
      const server = await served(theirs, tlsVersion, { ...scene.server, byId: true });
      const begun = { client: theirs, server };
      const { before } = await twice(tlsVersion, scene, begun, begun);
      const host = bindsSessionsToHosts(version) ? (scene.client?.servername ?? 'localhost') : undefined;
      for (const text of before.sessions) {
        const read = decodeNodeSession(Buffer.from(text, 'hex'))!;
        expect(read.host).toBe(host);
        expect(Buffer.from(encodeNodeSession(read)).toString('hex')).toBe(text);
        const contents = new TicketKeys(Buffer.from(ticketKeys, 'hex')).open(read.session.ticket!)!;
        expect(encodeSslSession(decodeSslSession(contents)!)).toEqual(contents);
      }
      const seen = await theirs.seen(server.port);
      expect(seen.length).toBeGreaterThan(1);
      for (const text of seen) {
        const read = decodeSslSession(Buffer.from(text, 'hex'))!;
        expect(Buffer.from(encodeSslSession(read)).toString('hex')).toBe(text);
      }
    });

    it('offers a session of ours to no other host, and none that names nobody', async () => {
      const server = await served(theirs, tlsVersion);
      const { sessions } = await dialing(own, tlsVersion, server.port);
      const again = (session: string, servername: string) =>
        dialing(theirs, tlsVersion, server.port, { session, servername });
      const unbound = decodeNodeSession(Buffer.from(sessions[0]!, 'hex'))!.session;
      const bare = Buffer.from(encodeSslSession(unbound)).toString('hex');
      const isBound = bindsSessionsToHosts(version);
      expect((await again(sessions[0]!, 'a.test')).reused).toBe(!isBound);
      expect((await again(bare, 'localhost')).reused).toBe(!isBound);
      expect((await again(sessions[0]!, 'localhost')).reused).toBe(true);
    });
  });
});
