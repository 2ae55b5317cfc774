/**
 * Runs in workerd: `/contract` answers with the contract in memory, `/greet/NAME` with a conversation with that server, over a plain
 * TCP socket of `cloudflare:sockets` with our TLS on top, and `/upgrade/WORD` with one
 * after a dialogue in clear on the same socket.
 */
import { nobleProvider } from '@sealwire/crypto-noble';
import { secureClient, secureServer, type ByteStreams } from '../../src/index.ts';
import { webTransport } from '../under-test.ts';
import { runContract, type Task } from './contract.ts';
import { greet } from './greet.ts';
import { upgrade } from './starttls.ts';

type Connect = (
  address: { readonly hostname: string; readonly port: number },
  options: { readonly allowHalfOpen: boolean },
) => Required<ByteStreams>;

// @ts-expect-error There are no types of it among ours.
const sockets = import('cloudflare:sockets') as Promise<{ readonly connect: Connect }>;

export default {
  async fetch(request: Request, { TASK }: { readonly TASK: Task }): Promise<Response> {
    const [, what, name = ''] = new URL(request.url).pathname.split('/');
    if (what === 'contract')
      return Response.json(await runContract(webTransport(TASK.identities, nobleProvider), TASK.profile));
    const { connect } = await sockets;
    if (what === 'upgrade') {
      const { identities, upgrading } = TASK;
      const plain = connect({ hostname: '127.0.0.1', port: upgrading }, { allowHalfOpen: true });
      const word = name === 'STARTTLS' ? name : 'TLSSTART';
      return Response.json(
        await upgrade(plain, word, (below, alreadyRead) =>
          word === 'STARTTLS'
            ? secureClient(below, { serverName: 'localhost', roots: identities.roots, alreadyRead })
            : secureServer(below, { ...identities.server, alreadyRead }),
        ),
      );
    }
    const address = { hostname: '127.0.0.1', port: TASK.servers[name] ?? 0 };
    const { roots } = TASK.identities;
    const streams = connect(address, { allowHalfOpen: true });
    return Response.json(await greet(secureClient(streams, { serverName: 'localhost', roots })));
  },
};
