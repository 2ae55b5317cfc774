import { nodeProvider } from '@sealwire/crypto-node';
import { withMlDsa } from '@sealwire/crypto-noble/ml-dsa';

/** With ML-DSA on every Node, as `openssl` of 3.5 has it. */
export const provider = withMlDsa(nodeProvider);
