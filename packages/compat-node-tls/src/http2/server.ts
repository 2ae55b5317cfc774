import http2, { type Http2SecureServer, type SecureServerOptions } from 'node:http2';
import { Server } from '../server/server.ts';

type Listener = Parameters<typeof http2.createSecureServer>[1];
type NodeClass = (new (...args: unknown[]) => object) & { readonly prototype: object };

/** `http2.createSecureServer([options][, onRequestHandler])` */
export function createSecureServer(
  options?: SecureServerOptions | Listener,
  listener?: Listener,
): Http2SecureServer {
  classes ??= classesOf(http2.createSecureServer().constructor as NodeClass);
  const { nodes, ours } = classes;
  const given = typeof options === 'function' ? [{}, options] : [options, listener];
  const parent = Object.getPrototypeOf(nodes) as object;
  // The constructor of Node's class makes a server of whatever its parent is, and does the rest by its own means.
  Object.setPrototypeOf(nodes, Server);
  try {
    return Reflect.construct(nodes, given, ours) as Http2SecureServer;
  } finally {
    Object.setPrototypeOf(nodes, parent);
  }
}

let classes: { readonly nodes: NodeClass; readonly ours: NodeClass } | undefined;

/** Of Node's class of servers, one with its methods that is derived from ours. */
function classesOf(nodes: NodeClass): { nodes: NodeClass; ours: NodeClass } {
  const ours = function Http2SecureServer(): void {} as unknown as NodeClass;
  const methods = Object.getOwnPropertyDescriptors(nodes.prototype);
  const prototype = Object.create(Server.prototype, methods) as object;
  Object.defineProperty(ours, 'prototype', { value: prototype });
  Object.defineProperty(prototype, 'constructor', { value: ours, writable: true, configurable: true });
  return { nodes, ours };
}
