import { ApiMisuseError, TlsError } from '../errors/tls-error.ts';
import { wordsOf } from '../errors/words.ts';
import type { PeerEvidence, PresentedCertificate } from '../values/peer-evidence.ts';
import type { Session, SessionSettings } from '../values/session.ts';
import { copyOf, sameBytes } from '../wire/bytes.ts';
import {
  decode,
  encode,
  opaque16,
  opaque24,
  opaque8,
  struct,
  uint16,
  uint32,
  uint8,
  type Codec,
  type CodecValue,
} from '../wire/codec.ts';
import { decodePlain, encodePlain } from './plain-value.ts';

/**
 * A session as bytes, for a file, a database or a ticket. The first byte is the version of this format. The peer's
 * verdict must be plain data: what JSON knows, and `Uint8Array`; anything else is `ApiMisuseError`. The bytes hold
 * the session's secret.
 */
export function encodeSession(session: Session): Uint8Array {
  const { sessionId, extendedMainSecret } = session;
  try {
    const words = encodeWords(session);
    if (session.applicationSettings !== undefined)
      return encode(stored, { ...session, format: settingsFormat, words });
    if (sessionId === undefined && extendedMainSecret === undefined)
      return encode(stored, Object.assign({}, session, { format, words }));
    return encode(storedLegacy, {
      ...session,
      format: legacyFormat,
      words,
      sessionId: sessionId ?? new Uint8Array(0),
      extendedMainSecret: extendedMainSecret === true ? 1 : 0,
    });
  } catch (error) {
    if (error instanceof ApiMisuseError) throw error;
    throw new ApiMisuseError(`expected a Session, got one that does not encode: ${wordsOf(error)}`);
  }
}

/** The session that `encodeSession` made these bytes of; `undefined` if it did not, or was of another version. */
export function decodeSession(bytes: Uint8Array): Session | undefined {
  if (!(bytes instanceof Uint8Array)) throw new ApiMisuseError('decodeSession expects a Uint8Array');
  try {
    const whole = decoded(bytes);
    if (whole === undefined) return undefined;
    const plain = decodeWords(whole.words);
    const isOurs =
      hasWords(plain) &&
      isTime(whole.issuedAtMs) &&
      isTime(whole.startedAtMs) &&
      (plain.applicationSettings !== undefined) === (bytes[0] === settingsFormat);
    return isOurs ? owned(whole, plain) : undefined;
  } catch (error) {
    const isForeign = [TlsError, SyntaxError, ApiMisuseError].some((type) => error instanceof type);
    if (isForeign) return undefined;
    throw error;
  }
}

function decoded(bytes: Uint8Array): Stored | undefined {
  if (bytes[0] === format || bytes[0] === settingsFormat) return decode(stored, bytes, 'session');
  if (bytes[0] !== legacyFormat) return undefined;
  const fields = decode(storedLegacy, bytes, 'session');
  return fields.extendedMainSecret > 1 ? undefined : fields;
}

function encodeWords(session: Session): Uint8Array {
  const { serverName, expectedName, alpnProtocol, peer, externalPskIdentity, applicationSettings } = session;
  if (applicationSettings !== undefined)
    return encodePlain({
      serverName,
      expectedName,
      alpnProtocol,
      peer,
      externalPskIdentity,
      applicationSettings,
    });
  if (peer !== undefined || externalPskIdentity !== undefined)
    return encodePlain({ serverName, expectedName, alpnProtocol, peer, externalPskIdentity });
  const known = latest;
  if (
    known?.serverName === serverName &&
    known?.expectedName === expectedName &&
    known?.alpnProtocol === alpnProtocol
  )
    return known.words;
  const words = encodePlain({ serverName, expectedName, alpnProtocol, peer, externalPskIdentity });
  latest = { serverName, expectedName, alpnProtocol, words };
  return words;
}

function decodeWords(words: Uint8Array): Pick<Session, Word> {
  if (latest === undefined || !sameBytes(words, latest.words))
    return decodePlain(words) as Pick<Session, Word>;
  const { serverName, expectedName, alpnProtocol } = latest;
  return { serverName, expectedName, alpnProtocol, peer: undefined, externalPskIdentity: undefined };
}

/** The latest words without a peer and an identity: a server writes the same into one ticket after the other, and reads them again. */
let latest: (Pick<Session, Name> & { readonly words: Uint8Array }) | undefined;

type Name = 'serverName' | 'expectedName' | 'alpnProtocol';
type Word = Name | 'peer' | 'externalPskIdentity' | 'applicationSettings';

function hasWords(plain: Partial<Pick<Session, Word>> | null): plain is Pick<Session, Word> {
  if (typeof plain !== 'object' || plain === null) return false;
  const { serverName, expectedName, alpnProtocol, peer, externalPskIdentity, applicationSettings } = plain;
  const isName = (name: unknown) => name === undefined || typeof name === 'string';
  return (
    isName(serverName) &&
    isName(expectedName) &&
    (alpnProtocol === null || typeof alpnProtocol === 'string') &&
    (externalPskIdentity === undefined || externalPskIdentity instanceof Uint8Array) &&
    (peer === undefined || isEvidence(peer?.evidence)) &&
    (applicationSettings === undefined || isSettings(applicationSettings))
  );
}

function isSettings(settings: Partial<SessionSettings> | null): boolean {
  const { extensionType, own, peer } = settings ?? {};
  return typeof extensionType === 'number' && own instanceof Uint8Array && peer instanceof Uint8Array;
}

/** What was sealed is what we made; elsewhere others may have written. */
function isEvidence(evidence: Partial<PeerEvidence> | undefined): boolean {
  if (evidence?.type === 'rawPublicKey') return evidence.spki instanceof Uint8Array;
  if (evidence?.type !== 'x509' || !Array.isArray(evidence.chain) || evidence.chain.length === 0)
    return false;
  return evidence.chain.every((each: Partial<PresentedCertificate> | null) => {
    const { certificate, ocspResponse, signedCertificateTimestamps: timestamps = [] } = each ?? {};
    return (
      certificate instanceof Uint8Array &&
      (ocspResponse === undefined || ocspResponse instanceof Uint8Array) &&
      Array.isArray(timestamps) &&
      timestamps.every((timestamp) => timestamp instanceof Uint8Array)
    );
  });
}

/** Nothing of the result is a view of the argument of `decodeSession`. Name by name, which takes a quarter of the time of copying whole. */
function owned(fields: Stored, words: Pick<Session, Word>): Session {
  const { sessionId, extendedMainSecret } = fields;
  const session: { -readonly [K in keyof Session]: Session[K] } = {
    version: fields.version,
    cipherSuite: fields.cipherSuite,
    secret: copyOf(fields.secret),
    ticket: copyOf(fields.ticket),
    ageAdd: fields.ageAdd,
    lifetimeSeconds: fields.lifetimeSeconds,
    issuedAtMs: fields.issuedAtMs,
    startedAtMs: fields.startedAtMs,
    maxEarlyDataBytes: fields.maxEarlyDataBytes,
    context: copyOf(fields.context),
    applicationData: copyOf(fields.applicationData),
    serverName: words.serverName,
    expectedName: words.expectedName,
    alpnProtocol: words.alpnProtocol,
    peer: words.peer,
    externalPskIdentity: words.externalPskIdentity,
  };
  if (words.applicationSettings !== undefined) session.applicationSettings = words.applicationSettings;
  if (sessionId !== undefined && sessionId.length > 0) session.sessionId = copyOf(sessionId);
  if (extendedMainSecret !== undefined) session.extendedMainSecret = extendedMainSecret === 1;
  return session;
}

type Stored = CodecValue<typeof stored> &
  Partial<Pick<CodecValue<typeof storedLegacy>, 'sessionId' | 'extendedMainSecret'>>;

/** One that a `Date` can say. */
function isTime(ms: number): boolean {
  return ms <= 8.64e15;
}

const time: Codec<number> = {
  shape: { is: 'fixed', bytes: 8 },
  read: (reader) => reader.u32() * 2 ** 32 + reader.u32(),
  write(writer, ms) {
    const whole = Math.max(0, Math.floor(ms));
    writer.u32(Math.floor(whole / 2 ** 32));
    writer.u32(whole % 2 ** 32);
  },
};

/** Of TLS 1.3, and of the versions before it. */
const format = 2;
const legacyFormat = 3;
/** Of TLS 1.3 with application settings: who does not know of them must not take 0-RTT data with it. */
const settingsFormat = 4;

const fields = {
  format: uint8,
  version: uint16,
  cipherSuite: uint16,
  secret: /* @__PURE__ */ opaque8(),
  ticket: /* @__PURE__ */ opaque16(),
  ageAdd: uint32,
  lifetimeSeconds: uint32,
  issuedAtMs: time,
  startedAtMs: time,
  maxEarlyDataBytes: uint32,
  context: /* @__PURE__ */ opaque16(),
  applicationData: /* @__PURE__ */ opaque24(),
  words: /* @__PURE__ */ opaque24(),
};

const stored = /* @__PURE__ */ struct(fields);

const storedLegacy = /* @__PURE__ */ struct({
  ...fields,
  sessionId: /* @__PURE__ */ opaque8({ max: 32 }),
  extendedMainSecret: uint8,
});
