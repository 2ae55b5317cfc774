import { ApiMisuseError, refuseUnknownOptions } from '@sealwire/core';

/**
 * As `refuseUnknownOptions` of `@sealwire/core`, for options of transports: of a name that `node:tls` has for something that is called
 * otherwise here, it says how.
 */
export function refuseForeignOptions(what: string, options: unknown, names: readonly string[]): void {
  if (typeof options === 'object' && options !== null) {
    const foreign = Object.keys(options).find((name) => !names.includes(name) && Object.hasOwn(ofNode, name));
    if (foreign !== undefined)
      throw new ApiMisuseError(
        `${foreign} is no ${what} option; what node:tls calls so is ${ofNode[foreign]}`,
      );
  }
  refuseUnknownOptions(what, options, names);
}

const versions = 'versions, as modules: tls13 of @sealwire/core/tls13, tls12 of @sealwire/core/tls12';
const chosen = 'names, or decide.chooseConfig';

/** What is meant by options of `node:tls`. */
const ofNode: Readonly<Record<string, string>> = {
  ca: 'roots',
  cert: 'certificate',
  key: 'privateKey',
  pfx: 'certificate and privateKey, which readPkcs12 of @sealwire/x509 takes out of it',
  crl: 'decide.verifyPeer, with the revocation of createVerifier of @sealwire/x509',
  servername: 'serverName',
  rejectUnauthorized: 'verify: false, if it was false; otherwise nobody is accepted unverified',
  checkServerIdentity: 'decide.verifyPeer',
  requestCert: "clientAuthentication: 'request' or 'require', with roots",
  ALPNProtocols: 'alpnProtocols',
  ALPNCallback: chosen,
  SNICallback: chosen,
  ciphers: 'cipherSuites, as numbers: suites13 of @sealwire/core, suites12 of @sealwire/core/tls12',
  ecdhCurve: 'groups, as numbers: namedGroups of @sealwire/core',
  sigalgs: 'signatureSchemes, as numbers: signatureSchemes of @sealwire/core',
  minVersion: versions,
  maxVersion: versions,
  secureProtocol: versions,
  session: 'sessions: what onSession was given',
  ticketKeys: 'tickets: { keeper }, a TicketRing of @sealwire/core',
  pskCallback: 'externalPsks, or decide.lookupPsk',
};
