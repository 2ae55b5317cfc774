import type { Answers } from '../config/answers.ts';
import type { ClientConfig } from '../config/client.ts';
import type { ServerConfig } from '../config/server.ts';
import type { Entropy } from '../crypto/entropy.ts';
import type { CryptoProvider } from '../crypto/provider.ts';
import type { KeyLogLabel } from '../keylog/lines.ts';
import type { TlsError } from '../errors/tls-error.ts';
import type { RawExtension } from '../extensions/definition.ts';
import type { Limits } from '../limits.ts';
import type { ClientHello } from '../messages/client-hello.ts';
import type { AnyServerHello } from '../messages/server-hello.ts';
import type { RecordProtection } from '../record/protection.ts';
import type { KeyChangeBoundary } from '../record/handshake-joiner.ts';
import type { NamedGroup } from '../registry/groups.ts';
import type { CipherSuite } from '../registry/suites13.ts';
import type { ProtocolVersion } from '../registry/versions.ts';
import type { Transcript } from '../transcript/transcript.ts';
import type { ClientAuthOptions } from '../values/client-auth-options.ts';
import type { ClientHelloView } from '../values/client-hello-view.ts';
import type { DecisionKind, DecisionMap } from '../values/decisions.ts';
import type { ExternalPsk } from '../values/external-psk.ts';
import type { Carrier } from './carrier.ts';
import type { EchOutcome, EchProgress } from './ech.ts';
import type { Facts, PeerExtension } from '../values/facts.ts';
import type { RecordKeys } from '../values/record-keys.ts';
import type { Session, SessionStore } from '../values/session.ts';

/**
 * The vocabulary of every handshake room. A handler looks at one state and one message, reply or command, and
 * returns a `Step`: the next state, what should happen, and perhaps a question. It changes nothing itself.
 */

/** A handshake message in decoded form; each room narrows this to the messages it reads. */
export interface AnyMessage {
  readonly type: string;
}

export interface AnyState {
  readonly at: string;
}

/** What may happen in one state. */
export interface Row {
  /**
   * Handshake messages that may come next, in RFC spelling; before TLS 1.3 also `change_cipher_spec`, which is none but has
   * its place among them. Empty: the state waits for an answer.
   */
  readonly reads: readonly string[];
  /** The decision that this state waits for. */
  readonly asks?: DecisionKind;
  /** Decisions of tasks: the state goes on while they are open, and takes their answers when they come. */
  readonly tasks?: readonly DecisionKind[];
  /** An unprotected change_cipher_spec: dropped where RFC 9846 §5 says so, refused elsewhere. */
  readonly ccs: 'ignore' | 'refuse';
  /** Application data: refused, delivered to the application, or delivered as 0-RTT data. */
  readonly data: 'refuse' | 'deliver' | 'early';
  readonly commands: readonly CommandName[];
  /** False where messages stay out of the handshake transcript (post-handshake messages). */
  readonly transcribed?: false;
}

/** What the application may ask of the machine. */
export type Command =
  | { readonly name: 'start' }
  | { readonly name: 'updateKeys'; readonly requestPeer: boolean }
  /** Application data is about to be sealed, and the peer's update_requested is still unanswered. */
  | { readonly name: 'answerKeyUpdate' }
  /** Application data is about to be sealed, and the key has protected as many records as it may. */
  | { readonly name: 'writeLimitReached' }
  /** Server: send the client this many more NewSessionTickets. */
  | { readonly name: 'issueTickets'; readonly count: number }
  /** Server: ask the client for a certificate (RFC 9846 §4.7.2). */
  | { readonly name: 'requestClientAuth'; readonly id: number; readonly options: ClientAuthOptions }
  /** TLS 1.2 and older: another handshake, with this configuration or the present one. */
  | { readonly name: 'renegotiate'; readonly config: ClientConfig | ServerConfig | undefined }
  /** The peer has answered by the alert no_renegotiation (RFC 5246 §7.2.2). */
  | { readonly name: 'renegotiationRefused' }
  /** Somebody else seals and opens records from now on: nothing may begin that changes both keys. */
  | { readonly name: 'detach' };

export type CommandName = Command['name'];

/** Traffic keys in the form from which any interpreter makes what it needs. */
export interface TrafficKeys {
  readonly epoch: Epoch;
  readonly cipherSuite: CipherSuite;
  /** The traffic secret; QUIC and offload derive their own keys from it. */
  readonly secret: Uint8Array;
  /** Makes the record protection; called once, by interpreters that have records. */
  protection(): RecordProtection;
  /** What else makes records under these keys, for whoever protects them in our place. */
  recordKeys(): Omit<RecordKeys, 'sequence' | 'maxInnerBytes' | 'lastCbcBlock'>;
}

export type Epoch = 'handshake' | 'application' | 'early';

/** Bytes, or a key that overwrites itself. */
export type Wipeable = Uint8Array | { wipe(): void };

/** What should happen, in order. */
export type Effect =
  | { readonly do: 'send'; readonly messages: readonly Uint8Array[] }
  | { readonly do: 'sendChangeCipherSpec' }
  | { readonly do: 'setTranscript'; readonly transcript: Transcript }
  | { readonly do: 'installWriteKeys'; readonly keys: TrafficKeys }
  | { readonly do: 'installReadKeys'; readonly keys: TrafficKeys; readonly boundary: KeyChangeBoundary }
  | { readonly do: 'fact'; readonly facts: Partial<Facts> }
  /** A hello that is sent or has come inside another one (RFC 9849): for the trace alone. */
  | { readonly do: 'innerClientHello'; readonly direction: 'sent' | 'received'; readonly raw: Uint8Array }
  | { readonly do: 'countKeyUpdate'; readonly direction: 'sent' | 'received' }
  | {
      readonly do: 'keylog';
      readonly label: KeyLogLabel;
      readonly clientRandom: Uint8Array;
      readonly secret: Uint8Array;
    }
  /** Another configuration serves this connection: from now on its policies and credentials answer. */
  | { readonly do: 'replaceAnswers'; readonly answers: Answers }
  /** From now on no record may hold more plaintext than this (content, type and padding). */
  | {
      readonly do: 'limitSentRecords';
      readonly innerBytes: number;
      /** Records without protection as well; otherwise those with it alone. */
      readonly isImmediate?: true;
    }
  /** From now on a received record that holds more than this is refused; `section` is the rule it would break. */
  | {
      readonly do: 'limitReceivedRecords';
      readonly innerBytes: number;
      readonly section: string;
      /** Records without protection as well; otherwise those with it alone. */
      readonly isImmediate?: true;
    }
  /** The version of TLS is certain: what our records say in their headers, and by which rules records are read. */
  | { readonly do: 'selectVersion'; readonly recordVersion: number; readonly isLegacy: boolean }
  /** The peer asked for a KeyUpdate of ours before our next application data (RFC 9846 §4.7.3). */
  | { readonly do: 'oweKeyUpdate' }
  /** Secrets that the state holds for a while: overwritten once connected, or wherever the handshake ends before. */
  | { readonly do: 'holdForHandshake'; readonly secrets: readonly Wipeable[] }
  /** The same until the end of the connection. */
  | { readonly do: 'hold'; readonly secrets: readonly Uint8Array[] }
  /** Secrets that nobody needs once everything before this is done. */
  | { readonly do: 'wipe'; readonly secrets: readonly Uint8Array[] }
  /** Custom extensions of the peer, for the fact `peerExtensions`. */
  | { readonly do: 'peerExtensions'; readonly received: readonly PeerExtension[] }
  /** Server: a request of `requestClientAuth` is answered. */
  | {
      readonly do: 'clientAuthentication';
      readonly id: number;
      readonly isAuthenticated: boolean;
    }
  /** A warning that ends nothing (RFC 5246 §7.2.2). */
  | { readonly do: 'warn'; readonly alert: 'no_renegotiation' }
  /** Server: the client is asked to renegotiate; it may not want to. */
  | { readonly do: 'requestRenegotiation' }
  /** Another handshake: no application data leaves until it is done, and what becomes known counts from then on. */
  | { readonly do: 'beginRenegotiation' }
  /** It comes to nothing. `byPeer`: we have asked for it, and are told no. */
  | { readonly do: 'abandonRenegotiation'; readonly byPeer: boolean }
  /** The end of the connection, after what was sent before. */
  | { readonly do: 'fail'; readonly error: TlsError }
  | { readonly do: 'writable'; readonly as: 'halfRtt' | 'falseStart' | 'full' }
  /** 0-RTT data may leave, this much of it. */
  | { readonly do: 'writable'; readonly as: 'early'; readonly limitBytes: number }
  /** The server does not take our 0-RTT data: none may leave any more, and what has left is lost. */
  | { readonly do: 'rejectEarlyData' }
  /** What leaves next is unprotected again: a HelloRetryRequest came after 0-RTT data. */
  | { readonly do: 'dropWriteKeys' }
  /** The client's 0-RTT data is taken, this much of it. */
  | { readonly do: 'acceptEarlyData'; readonly limitBytes: number }
  /** The client's 0-RTT data is not taken: records that do not open are skipped, until one does (RFC 9846 §4.3.10). */
  | { readonly do: 'skipEarlyData'; readonly limitBytes: number }
  | { readonly do: 'earlyExporter'; readonly exporter: Exporter }
  /** TLS 1.2 and older: a fatal alert on this connection takes the session away (RFC 5246 §7.2.2). */
  | { readonly do: 'liveSession'; readonly session: LiveSession }
  /** Client: a ticket for a later connection. */
  | { readonly do: 'session'; readonly session: Session }
  | {
      readonly do: 'connected';
      readonly exporter: Exporter;
      /** TLS 1.2 and older: the first Finished of the handshake, where that is bound to it alone (RFC 5929 §3). */
      readonly tlsUnique?: Uint8Array | undefined;
    };

/** A session by its name, and where a server keeps it. */
export interface LiveSession {
  readonly sessionId?: Uint8Array | undefined;
  readonly ticket?: Uint8Array | undefined;
  readonly store?: SessionStore | undefined;
}

/** RFC 9846 §7.5, RFC 5705 §4: label, context if there is one, length in bytes. Bound to one finished handshake. */
export type Exporter = (label: string, context: Uint8Array | undefined, length: number) => Uint8Array;

/** What a handler may look at beside its state and message. */
export interface Context {
  readonly provider: CryptoProvider;
  readonly entropy: Entropy;
  readonly limits: Limits;
  readonly carrier: Carrier;
  /** The connection's clock: the largest `now` it has seen, ms since the epoch. */
  readonly nowMs: number;
  /** When the last byte of the latest message arrived, ms since the epoch. */
  readonly receivedAtMs: number;
  /** The message at hand with its header; empty for replies and commands. */
  readonly raw: Uint8Array;
  /** The transcript without and with the message at hand; empty from a state on where messages stay out of it. */
  readonly before: Transcript;
  readonly after: Transcript;
  /** Proof that the read keys may change now; refuses the peer while handshake bytes are pending. */
  boundary(): KeyChangeBoundary;
  /** Refuses the peer while handshake bytes are pending, where it is our turn to speak; `section` is that of the order. */
  endFlight(section: string): void;
}

/** A question, before the runner gives it an id. */
export type Ask = {
  readonly [K in DecisionKind]: { readonly kind: K; readonly ask: DecisionMap[K]['ask'] };
}[DecisionKind];

/** A question of a task, a piece of work that goes on beside reading and sending once connected. */
export type TaskAsk = Ask & {
  /** By what the machine finds the task again; unique among those that are open. */
  readonly task: number;
};

/** The answer to a question of a task. */
export type TaskReply<K extends DecisionKind = DecisionKind> = {
  readonly [A in K]: { readonly kind: A; readonly task: number; readonly reply: DecisionMap[A]['reply'] };
}[K];

export interface Step {
  readonly machine: Machine;
  readonly state: AnyState;
  readonly effects: readonly Effect[];
  /** The question that the new state waits for. */
  readonly ask?: Ask;
  /** Questions that nothing waits for but their tasks. */
  readonly taskAsks?: readonly TaskAsk[];
  /** False: a command that the row allows could not be obeyed all the same. */
  readonly obeyed?: false;
}

/** A room's rules with their types erased: what the runner drives. Made by `defineMachine`. */
export interface Machine {
  readonly name: string;
  readonly rows: Readonly<Record<string, Row>>;
  /** Handshake types that the room knows, by number. */
  readonly messages: MessageTable;
  onMessage(state: AnyState, message: AnyMessage, context: Context): Step;
  onReply(state: AnyState, reply: DecisionMap[DecisionKind]['reply'], context: Context): Step;
  onTaskReply(state: AnyState, reply: TaskReply, context: Context): Step;
  onCommand(state: AnyState, command: Command, context: Context): Step;
}

export type MessageTable = ReadonlyMap<number, MessageDecoder>;

export interface MessageDecoder {
  /** The message types that this number may turn out to be: server_hello is also hello_retry_request. */
  readonly names: readonly string[];
  /** Throws `TlsError` for a body that does not decode. */
  decode(body: Uint8Array): AnyMessage;
}

/**
 * A version of TLS as a value: `hello` finds it in the configuration and calls it, and knows no version by
 * name. A version that nobody configures is not in the bundle.
 */
export interface VersionModule {
  readonly versions: readonly ProtocolVersion[];
  /**
   * Whether the rules of RFC 5246 hold below the handshake: warnings end nothing (§7.2.2), headers of records say the
   * version (§6.2.1), and what is signed is the bytes of the transcript (§7.4.8).
   */
  readonly isLegacy: boolean;
  /** What stands in the headers of records once `version` is selected. */
  recordVersion(version: ProtocolVersion): number;
  supports(suite: CipherSuite, provider: CryptoProvider): boolean;
  /** Whether it exchanges keys in a group, and the provider has that; for `groups` of a configuration. */
  supportsGroup(group: NamedGroup, provider: CryptoProvider): boolean;
  /** What is offered and accepted when the application names no suites, most wanted first. */
  readonly defaultCipherSuites: readonly CipherSuite[];
  /** Absent: it cannot be spoken as a client. */
  readonly client?: VersionOfClient;
  /** Absent: it cannot be spoken as a server. */
  readonly server?: VersionOfServer;
}

/** A client's side of a version. */
export interface VersionOfClient {
  /** What this version adds to the first ClientHello. */
  contributeHello(plan: HelloPlan, context: Context): HelloContribution;
  /**
   * The first ClientHello with what can be computed only once all else of it stands: binders of pre-shared keys.
   * `before`: the transcript that the hello is appended to.
   */
  completeHello(sent: SentHello, before: Transcript, context: Context): ClientHello;
  /** What follows the complete hello at once: keys for 0-RTT data. `raw`: the whole message. */
  afterHello(sent: SentHello, raw: Uint8Array, context: Context): readonly Effect[];
  /** Goes on after a ServerHello or HelloRetryRequest that selects one of `versions`. */
  onServerHello(sent: SentHello, message: AnyServerHello, context: Context): Step;
  /** Goes on after a ClientHello that renegotiates; only of a version that has asked for it. */
  awaitServerHello?(sent: SentHello, renegotiation: Renegotiation, context: Context): Step;
}

/** A server's side of a version. */
export interface VersionOfServer {
  /** Goes on after a ClientHello for which `version`, one of `versions`, was selected. */
  onClientHello(received: ReceivedHello, context: Context): Step;
}

/** What a ClientHello is made of. */
export interface HelloPlan {
  readonly config: ClientConfig;
  /** The application's answers, as they came: nothing has been filtered yet. */
  readonly sessions: readonly Session[];
  readonly externalPsks: readonly ExternalPsk[];
  /** There will be another external key when the server's hint is there (TLS 1.2 and older). */
  readonly awaitsHint: boolean;
  /** Absent: the first handshake of the connection. */
  readonly renegotiation?: Renegotiation;
}

export interface HelloContribution {
  readonly cipherSuites: readonly CipherSuite[];
  readonly extensions: readonly RawExtension[];
  /** Values of cipher_suites that are no suites but signals (RFC 5746 §3.3, RFC 7507). */
  readonly signals?: readonly CipherSuite[];
  /** The session that the ClientHello's session id resumes (RFC 5246 §7.4.1.2); empty with a ticket, where any id will do. */
  readonly sessionId?: Uint8Array;
  /** An extension that must be the last of all, however they are ordered. */
  readonly last?: RawExtension;
  /** For `onServerHello`: what must be remembered, such as the private parts of key shares. */
  readonly carry: unknown;
}

/** The ClientHello that a client has sent, and all it needs to go on. */
export interface SentHello {
  readonly config: ClientConfig;
  readonly hello: ClientHello;
  /** Encrypted Client Hello, where it was offered or pretended. */
  readonly ech?: EchProgress;
  readonly carry: unknown;
  /** Begins another handshake on this connection. */
  readonly again: BeginClientHello;
}

/** The ClientHello that a server has accepted to answer. */
export interface ReceivedHello {
  readonly config: ServerConfig;
  readonly hello: ClientHello;
  readonly view: ClientHelloView;
  readonly version: ProtocolVersion;
  /** Encrypted Client Hello, where the configuration has it and the client offers it. */
  readonly ech?: EchOutcome;
  /** Begins another handshake on this connection. */
  readonly again: AnswerClientHello;
  /** Absent: the first handshake of the connection. */
  readonly renegotiation?: Renegotiation;
}

/**
 * Another handshake on a connection that has one (RFC 5246 §7.4.1.1, RFC 5746): a version asks `hello` to begin it, by the
 * functions that came with its own hello, and `hello` asks that version to go on.
 */
export interface Renegotiation {
  /** How many handshakes have been completed, at least 1. */
  readonly count: number;
  /** The version that stays (RFC 9846 §4.3.1: a server "MUST retain the previous protocol version"). */
  readonly version: ProtocolVersion;
  /** The connection as it was, for a handshake that is refused before anything is agreed. */
  readonly back: Step;
  /** For the version's own room: what the handshake before this one has left. */
  readonly carry: unknown;
}

/** Client: asks which sessions and keys to offer, and sends a ClientHello of this one version. */
export type BeginClientHello = (config: ClientConfig, renegotiation: Renegotiation, context: Context) => Step;

/** Server: asks which configuration serves the ClientHello that has just been read. */
export type AnswerClientHello = (
  config: ServerConfig,
  hello: ClientHello,
  renegotiation: Renegotiation,
  context: Context,
) => Step;
