/**
 * Runs in a page: the contract in memory, a conversation with each server through a tunnel that carries WebSocket messages to it, and
 * one between two ends in the page over a WebRTC data channel. The result is left in the global variable `outcome`, as JSON.
 */
import { nobleProvider } from '@sealwire/crypto-noble';
import {
  type DataChannelLike,
  dataChannelStreams,
  messagePortStreams,
  secureClient,
  secureServer,
  type WebSocketLike,
  webSocketStreams,
  type ByteStreams,
} from '../../src/index.ts';
import { webTransport } from '../under-test.ts';
import { runContract, type Task } from './contract.ts';
import { greet, type Greeting } from './greet.ts';

interface Peer {
  onicecandidate: (event: { readonly candidate: unknown }) => void;
  ondatachannel: (event: { readonly channel: DataChannelLike }) => void;
  createDataChannel(name: string): DataChannelLike;
  addIceCandidate(candidate: unknown): Promise<void>;
  setLocalDescription(): Promise<void>;
  setRemoteDescription(description: unknown): Promise<void>;
  readonly localDescription: unknown;
}

declare const task: Task & { readonly hasNetwork: boolean };
declare const location: { readonly host: string };
declare const RTCPeerConnection: new () => Peer;

const { identities, profile, servers, hasNetwork } = task;
const { roots } = identities;

async function outcomeOf(): Promise<Record<string, unknown>> {
  const greetings: Record<string, Greeting> = {};
  for (const name of Object.keys(servers)) {
    const Socket = (globalThis as never as { WebSocket: new (url: string) => WebSocketLike }).WebSocket;
    const streams = webSocketStreams(new Socket(`ws://${location.host}/${name}`));
    greetings[name] = await greet(secureClient(streams, { serverName: 'localhost', roots }));
  }
  return {
    greetings,
    dataChannel: hasNetwork ? await settled(overDataChannel(), 'the data channel') : 'no network',
    messagePort: await overMessagePort(),
    contract: await runContract(webTransport(identities, nobleProvider), profile),
  };
}

async function overDataChannel(): Promise<Greeting> {
  const [near, far] = [new RTCPeerConnection(), new RTCPeerConnection()];
  near.onicecandidate = ({ candidate }) => void far.addIceCandidate(candidate);
  far.onicecandidate = ({ candidate }) => void near.addIceCandidate(candidate);
  const channel = near.createDataChannel('tls');
  const other = new Promise<DataChannelLike>((resolve) => {
    far.ondatachannel = (event) => resolve(event.channel);
  });
  await near.setLocalDescription();
  await far.setRemoteDescription(near.localDescription);
  await far.setLocalDescription();
  await near.setRemoteDescription(far.localDescription);
  return between(dataChannelStreams(channel), dataChannelStreams(await other));
}

function overMessagePort(): Promise<Greeting> {
  const { port1, port2 } = new MessageChannel();
  return between(messagePortStreams(port1), messagePortStreams(port2));
}

/** A long line, to go through many messages. */
function between(near: ByteStreams, far: ByteStreams): Promise<Greeting> {
  const { readable, writable } = secureServer(far, identities.server);
  readable.pipeTo(writable).catch(() => {});
  return greet(secureClient(near, { serverName: 'localhost', roots }), 'l'.repeat(500_000));
}

function settled<T>(promise: Promise<T>, what: string): Promise<T> {
  return Promise.race([
    promise,
    new Promise<T>((_, reject) => setTimeout(() => reject(new Error(`${what} did not come about`)), 15_000)),
  ]);
}

outcomeOf().then(
  (outcome) => Object.assign(globalThis, { outcome: JSON.stringify(outcome) }),
  (error: unknown) => Object.assign(globalThis, { outcome: `failed: ${String(error)}` }),
);
