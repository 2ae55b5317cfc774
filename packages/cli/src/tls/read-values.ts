import type { NameInput } from '@sealwire/x509';
import { usage } from '../problem.ts';

/** A distinguished name, `/O=Example/CN=example.org` as OpenSSL has it (most significant first), or `CN=example.org, O=Example`. */
export function nameOf(text: string): NameInput {
  const isSlashed = text.startsWith('/');
  const parts = isSlashed ? text.slice(1).split('/') : text.split(',').reverse();
  const name: Record<string, string[]> = {};
  for (const part of parts.filter((each) => each.trim() !== '')) {
    const [, key = '', value = ''] = /^\s*([A-Za-z.\d]+)\s*=\s*(.*?)\s*$/s.exec(part) ?? [];
    if (value === '') throw usage(`expected a name such as "/O=Example/CN=example.org", got ${text}`);
    (name[key] ??= []).push(value);
  }
  return name;
}

/** A moment as a date (UTC), an ISO time, or seconds since 1970; in ms. */
export function timeOf(text: string): number {
  const ms = /^\d{1,11}$/.test(text)
    ? Number(text) * 1000
    : isoForm.test(text)
      ? Date.parse(text)
      : Number.NaN;
  if (Number.isFinite(ms)) return ms;
  throw usage(`expected a time such as 2026-11-22, 2026-11-22T06:00:00Z or 1795327200, got ${text}`);
}

export interface HostAndPort {
  readonly host: string;
  readonly port: number;
}

/** `host:port`, `[::1]:port`, `host` with a default port, `:port`. */
export function hostAndPort(defaults: { readonly host: string; readonly port: number }) {
  return (text: string): HostAndPort => {
    const [, bracketed, plain, port] = /^(?:\[([^\]]*)\]|([^:]*))(?::(\d{1,5}))?$/.exec(text) ?? [];
    const host = bracketed ?? plain;
    const number = port === undefined ? defaults.port : Number(port);
    if (host !== undefined && number <= 65_535 && !/\s/.test(host))
      return { host: host || defaults.host, port: number };
    // An address of IPv6 without brackets and port.
    if (/^[\da-f:.]+$/i.test(text) && text.split(':').length > 2) return { host: text, port: defaults.port };
    throw usage(`expected HOST:PORT, got ${text}`);
  };
}

const isoForm = /^\d{4}-\d\d-\d\d(T\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d))?$/;
