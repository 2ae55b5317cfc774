/**
 * What runs this: error codes, default security and names follow the OpenSSL of the Node they are used on, as applications of
 * that Node expect them.
 */

/** Generations of OpenSSL that differ in what an application sees. 3.2 brought most of what 3.5 has. */
export type OpensslVersion = '3.0' | '3.5';

export function hostOpenssl(version: string | undefined = process.versions['openssl']): OpensslVersion {
  const [major = 3, minor = 0] = (version ?? '3.5').split('.').map((part) => Number.parseInt(part, 10));
  return major < 3 || (major === 3 && minor < 2) ? '3.0' : '3.5';
}

export function nodeMajor(version: string = process.versions.node): number {
  return Number.parseInt(version, 10);
}
