import { isX509Error } from '@sealwire/x509';

/** What is read, or `undefined` where it is malformed. */
export function quietly<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch (error) {
    if (isX509Error(error)) return undefined;
    throw error;
  }
}
