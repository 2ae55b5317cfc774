import { nodeProvider } from '@sealwire/crypto-node';
import { withMlDsa } from '@sealwire/crypto-noble/ml-dsa';

/** With ML-DSA on every Node. */
export const provider = withMlDsa(nodeProvider);
