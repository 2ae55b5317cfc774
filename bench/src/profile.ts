import { Session } from 'node:inspector';

/** Where time went: self time by place, in percent. */
export interface ProfileLine {
  readonly percent: number;
  readonly place: string;
}

/** Runs `work` under the sampling profiler of V8 and sums its self times by package or kind of code. */
export async function profileOf(work: () => Promise<void>): Promise<ProfileLine[]> {
  const session = new Session();
  session.connect();
  const post = (method: string) =>
    new Promise<{ profile?: Profile }>((resolve, reject) =>
      session.post(method, (error, result) =>
        error ? reject(error) : resolve(result as { profile?: Profile }),
      ),
    );
  await post('Profiler.enable');
  await post('Profiler.start');
  await work();
  const { profile } = await post('Profiler.stop');
  session.disconnect();
  return profile === undefined ? [] : summed(profile);
}

interface Profile {
  readonly nodes: readonly {
    readonly id: number;
    readonly callFrame: { functionName: string; url: string };
  }[];
  readonly samples: readonly number[];
  readonly timeDeltas: readonly number[];
}

function summed({ nodes, samples, timeDeltas }: Profile): ProfileLine[] {
  const places = new Map(nodes.map(({ id, callFrame }) => [id, placeOf(callFrame)]));
  const times = new Map<string, number>();
  let total = 0;
  for (const [i, id] of samples.entries()) {
    const place = places.get(id)!;
    if (place === '(idle)') continue;
    const delta = timeDeltas[i] ?? 0;
    total += delta;
    times.set(place, (times.get(place) ?? 0) + delta);
  }
  return [...times]
    .map(([place, time]) => ({ place, percent: (100 * time) / total }))
    .sort((a, b) => b.percent - a.percent);
}

/** `node:crypto`, `@sealwire/core`, `node: streams and sockets`, … */
function placeOf({ functionName, url }: { functionName: string; url: string }): string {
  const own = /packages\/([a-z0-9-]+)\/dist\//.exec(url);
  if (own !== null) return `@sealwire/${own[1]}`;
  const dependency = /node_modules\/(@?[^/]+\/[^/]+)\//.exec(
    url.replace(/node_modules\/\.pnpm\/[^/]+\//, ''),
  );
  if (dependency !== null) return dependency[1]!;
  if (url.startsWith('node:internal/crypto')) return 'node:crypto';
  if (url.startsWith('node:')) return 'node: streams, sockets, events';
  return functionName === '' ? 'other' : functionName;
}
