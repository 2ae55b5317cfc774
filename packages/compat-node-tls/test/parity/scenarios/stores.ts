import { alone, type Scenario, type Stage, type Tls } from '../scenario.ts';
import { outcomeOf } from '../recorder.ts';
import { once } from './meeting.ts';
import { together } from './together.ts';

type Stores = Tls & {
  getCACertificates(type?: unknown): readonly string[];
  setDefaultCACertificates(list: unknown): void;
  getCertificateCompressionAlgorithms(): string[];
};

/** Whom contexts trust that name nobody, as an application reads and sets it. */
const asks: Readonly<Record<string, (tls: Stores, stage: Stage) => unknown>> = {
  'getCACertificates: lists that stay the same': (tls) =>
    ['default', 'system', 'bundled', 'extra'].map((type) => {
      const [first, second] = [1, 2].map(() => tls.getCACertificates(type));
      return [Object.isFrozen(first), first === second];
    }),
  'getCACertificates: of the system': (tls) => [...tls.getCACertificates('system')].sort(),
  'getCACertificates: extra': (tls) => tls.getCACertificates('extra'),
  'getCACertificates: an unknown type': (tls) => tls.getCACertificates('x'),
  'getCACertificates: no text': (tls) => tls.getCACertificates(5),
  'getCACertificates: bundled is rootCertificates': (tls) =>
    tls.getCACertificates('bundled') === tls.rootCertificates,
  getCertificateCompressionAlgorithms: (tls) => tls.getCertificateCompressionAlgorithms?.(),
  'setDefaultCACertificates: what is none': (tls) =>
    [undefined, 'x', [5], ['x']].map((list) => outcomeOf(() => tls.setDefaultCACertificates(list))),
};

/** A client that names nobody trusts whom the default names. */
async function trusting(stage: Stage): Promise<void> {
  const tls = stage.client as Stores;
  const before = tls.getCACertificates('default');
  stage.cleanUp(() => tls.setDefaultCACertificates(before));
  for (const list of [[stage.pki.root, stage.pki.root], []]) {
    tls.setDefaultCACertificates(list);
    stage.onClient.note('default', tls.getCACertificates().length);
    const met = await together(stage, {}, { ca: undefined });
    met.client.on('secureConnect', () => met.client.end());
    await once(met.client, 'close');
  }
}

export const storeScenarios: readonly Scenario[] = [
  ...alone(
    'stores',
    Object.entries(asks).map(([name, ask]) => ({ name, ask })),
    (stage, { ask }) =>
      stage.onClient.note(
        'is',
        outcomeOf(() => ask(stage.client as Stores, stage)),
      ),
  ),
  ...alone('stores', [{ name: 'setDefaultCACertificates: whom a client trusts' }], trusting),
].map((each) => ({ ...each, since: 24 }));
