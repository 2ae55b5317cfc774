import { nodeProvider } from '@sealwire/crypto-node';
import { withMlDsa } from '@sealwire/crypto-noble/ml-dsa';

/** With ML-DSA on every Node: the TLS of Node 22 has it where `node:crypto` does not. What is offered says the OpenSSL of the Node. */
export const provider = withMlDsa(nodeProvider);
