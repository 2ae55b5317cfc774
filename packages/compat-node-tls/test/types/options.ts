/** The table of options has every option that is declared, in each version of `@types/node`. Nothing of this runs; see tls.ts. */
import type * as theirs from 'node:tls';
import type * as ours from '@sealwire/compat-node-tls';
import type { BeyondOption } from '../moving/beyond.ts';
import type { ConnectOption, ContextOption, ServerOption, SocketOption } from '../moving/options.ts';

/** Declared with the options of contexts, where nothing reads it. */
type Misplaced = 'ALPNCallback';
/** Not of Node; what is in it has a table of its own. */
type Beyond = 'sealwire';
/** Declared for all sockets and servers, read on the other side only. */
type OfOthers = 'SNICallback' | 'requestOCSP';
type Missing<Options, Known> = Exclude<keyof Options, Known | Misplaced | OfOthers | Beyond>;

type Expected = [never, never, never, never, never, never, never, never];
type All = [
  Missing<theirs.SecureContextOptions, ContextOption>,
  Missing<theirs.ConnectionOptions, ConnectOption>,
  Missing<theirs.TlsOptions, ServerOption>,
  Missing<theirs.TLSSocketOptions, SocketOption>,
  Missing<ours.ConnectionOptions, ConnectOption>,
  Missing<ours.TlsOptions, ServerOption>,
  Missing<Inside<ours.ConnectionOptions> & Inside<ours.TlsOptions>, BeyondOption>,
  Exclude<BeyondOption, keyof (Inside<ours.ConnectionOptions> & Inside<ours.TlsOptions>)>,
];
type Inside<Options extends { sealwire?: object | undefined }> = NonNullable<Options['sealwire']>;
export const complete: [All] extends [Expected] ? true : All = true;
// @ts-expect-error the search finds what is missing
export const control: [Missing<theirs.ConnectionOptions, 'host'>] extends [never] ? true : false = true;
