import type { PathRefusal } from '@sealwire/x509';
import { makeHierarchy } from './hierarchy.ts';
import { connectTo, observedClient, withObservedServer } from './observed.ts';
import { Observer } from './observer.ts';
import type { Scenario } from './scenario.ts';
import { trustFacts } from './trust.ts';

/** A chain is judged twice: as its server staples that it is good, and that it is revoked. */
export const trusted: Scenario = {
  name: 'trust',
  title: 'our client judges a chain of two ways up: good, then revoked',
  peer: () => 'in one process',
  async run({ seed }) {
    const { good, revoked } = makeHierarchy(seed);
    const { refusal, alert } = await withObservedServer(revoked, seed, async (server, accepted) => {
      const observer = new Observer();
      const error = await connectTo(server.port, revoked, seed, observer).then(
        () => new Error('the client has accepted a revoked certificate'),
        (cause: Error) => cause,
      );
      // The other end is told as well, and must have heard of it before it is closed.
      await accepted.catch(() => {});
      const told = observer.passed.find(({ direction, what }) => direction === 'sent' && what === 'Alert');
      return { refusal: refusalIn(error), alert: told?.detail };
    });
    return withObservedServer(good, seed, async (server, accepted) => {
      const client = await observedClient(server.port, good, seed);
      const served = await accepted;
      const [here, there] = [client.connection, served.connection];
      here.write('hello, whom I trust\n');
      await served.inbox.receives('whom I trust');
      there.write('hello from the server\n');
      await client.inbox.receives('hello from the server');
      here.updateKeys({ requestPeer: true });
      here.write('under new keys\n');
      await served.inbox.receives('under new keys');
      await Promise.all([here.close(), there.close()]);
      const trust = trustFacts(here, refusal, alert);
      const facts = client.facts([
        {
          what: 'trusted by the other way up',
          holds: trust.trusted.path.at(-1)?.includes('New Root') === true,
        },
        { what: 'not revoked', holds: trust.trusted.revocation?.status === 'good' },
        { what: 'refused when revoked', holds: refusal.code === 'CERT_REVOKED' },
      ]);
      return { ...facts, trust };
    });
  },
};

/** What our verifier said, somewhere below the error of the connection. */
function refusalIn(error: unknown): PathRefusal {
  for (let cause = error; cause instanceof Error; cause = cause.cause) {
    const inside = cause.cause as Partial<PathRefusal> | undefined;
    if (inside?.explanation !== undefined) return inside as PathRefusal;
  }
  throw error;
}
