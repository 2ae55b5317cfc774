import type { Server as NetServer } from 'node:net';
import type { Server } from '../server/server.ts';
import { contextOptions, lastingOptions } from '../server/fields.ts';
import { deprecated } from './deprecations.ts';

type Options = Record<string, unknown>;

/** Options that are newer than `setOptions`, and those that it takes over otherwise. */
const others = ['sigalgs', 'ecdhCurve', 'honorCipherOrder', 'privateKeyIdentifier', 'privateKeyEngine'];

/** What `setOptions` takes over where it is given; what it leaves out stays as it was. */
const kept = [
  ...contextOptions.filter((name) => !others.includes(name)),
  ...lastingOptions,
  'pskCallback',
  'pskIdentityHint',
];

/** Members of `Server` that Node has no more, or warns of. */
export function addServerLegacy(prototype: Server): void {
  Object.defineProperty(prototype, 'setOptions', {
    configurable: true,
    writable: true,
    value: deprecated('setOptions', setOptions),
  });
  Object.defineProperty(prototype, 'connections', {
    configurable: true,
    get: deprecated('connections', connections),
    set: deprecated('connections', function (this: Counting, count: number) {
      this._connections = count;
    }),
  });
}

/** Changes what is shown of the server; its context is changed by `setSecureContext`. */
function setOptions(this: Server, options: Options): void {
  const target = this as unknown as Options;
  target['requestCert'] = options['requestCert'] === true;
  target['rejectUnauthorized'] = options['rejectUnauthorized'] !== false;
  for (const name of kept) if (options[name]) target[name] = options[name];
  if (options['ecdhCurve'] !== undefined) target['ecdhCurve'] = options['ecdhCurve'];
  const { honorCipherOrder } = options;
  target['honorCipherOrder'] = honorCipherOrder === undefined ? true : Boolean(honorCipherOrder);
}

type Counting = NetServer & { _connections: number; readonly _usingWorkers?: boolean };

/** How many connections there are; unknown where other processes have them. */
function connections(this: Counting): number | null {
  return this._usingWorkers ? null : this._connections;
}
