import { namedGroups, registryName, signatureSchemes, suites13 } from '@sealwire/core';
import { suites12 } from '@sealwire/core/tls12';
import { suiteById } from '@sealwire/compat-node-tls/openssl';

/** Numbers of a connection, as people and RFCs call them. */
export const versionName = (version: number): string =>
  ({ 772: 'TLS 1.3', 771: 'TLS 1.2', 770: 'TLS 1.1', 769: 'TLS 1.0' })[version] ??
  `0x${version.toString(16).padStart(4, '0')}`;

export const suiteName = (suite: number): string => registryName({ ...suites13, ...suites12 }, suite);
export const opensslSuiteName = (suite: number): string | undefined => suiteById(suite)?.name;
export const groupName = (group: number): string => registryName(namedGroups, group);
export const schemeName = (scheme: number): string => registryName(signatureSchemes, scheme);
/** What anybody may have sent: 1 character a byte. */
export const protocolName = (name: string): string => Buffer.from(name, 'latin1').toString('utf8');
