import { ApiMisuseError } from '@sealwire/core';
import { DerReader, contextTag, tags } from '../der/reader.ts';
import { latin1 } from '../der/strings.ts';
import { readObjectIdentifier } from '../der/values.ts';
import { isX509Error } from '../errors.ts';
import type { GeneralName } from './general-name.ts';
import { type HostName, matchesDnsName, parseHostName } from './host-name.ts';
import { uriAuthority } from './uri-authority.ts';

/** A service that a client wants to reach: its kind and its DNS name, both (RFC 9525 §6.1.1). */
export type ServiceName =
  | {
      readonly type: 'srv';
      /** As in the SRV record, without the underscore: `imaps`. */
      readonly service: string;
      readonly name: string;
    }
  | {
      readonly type: 'uri';
      /** Without the colon: `sip`. */
      readonly scheme: string;
      readonly name: string;
    };

/**
 * Does a certificate stand for a service? Only names of the same form count: an SRV-ID (RFC 4985 §2) with that service, or a URI-ID
 * with that scheme, and the DNS name of either by the rules for host names (RFC 9525 §6.3, §6.5). `ApiMisuseError` for a `name` that
 * is no DNS name in ASCII, or an empty service or scheme.
 */
export function matchesService(alternativeNames: readonly GeneralName[], service: ServiceName): boolean {
  const host = parseHostName(service.name);
  if (host?.type !== 'dns') {
    throw new ApiMisuseError(`expected a DNS name in ASCII, got ${JSON.stringify(service.name)}`);
  }
  const kind = service.type === 'srv' ? service.service : service.scheme;
  if (!/^[A-Za-z0-9][A-Za-z0-9+.-]*$/.test(kind)) {
    throw new ApiMisuseError(`expected a service or a scheme, got ${JSON.stringify(kind)}`);
  }
  return alternativeNames.some((name) => {
    const presented = service.type === 'srv' ? srvId(name) : uriId(name);
    return presented !== undefined && isSame(presented, kind, host);
  });
}

interface Presented {
  readonly kind: string;
  readonly name: string;
}

/** §6.5: service and scheme without regard to case. */
function isSame(presented: Presented, kind: string, host: HostName & { type: 'dns' }): boolean {
  return presented.kind.toLowerCase() === kind.toLowerCase() && matchesDnsName(presented.name, host);
}

/** `id-on-dnsSRV`: an IA5String `_service.name`. Another form, or a malformed one, is none. */
function srvId(name: GeneralName): Presented | undefined {
  if (name.type !== 'other' || name.form !== 'otherName') return undefined;
  try {
    const otherName = new DerReader(name.value, 'OtherName');
    if (readObjectIdentifier(otherName, 'type-id') !== srvNameId) return undefined;
    const explicit = otherName.enter(contextTag.constructed(0), 'value');
    otherName.finish();
    const text = latin1(explicit.content(tags.ia5String, 'SRVName'));
    explicit.finish();
    const [, kind, rest] = /^_([^.]+)\.(.+)$/s.exec(text) ?? [];
    return kind === undefined || rest === undefined ? undefined : { kind, name: rest };
  } catch (error) {
    if (isX509Error(error)) return undefined;
    throw error;
  }
}

/** A URI with a host that is a name; user, port, path and what follows are not looked at. */
function uriId(name: GeneralName): Presented | undefined {
  if (name.type !== 'uri') return undefined;
  const authority = uriAuthority(name.value);
  if (authority !== undefined) return { kind: authority.scheme, name: authority.host };
  // RFC 3261 §19.1.1: `sip:` has no slashes. RFC 5922 §7.1: with a user it is about that user, and about no domain.
  const [, kind, host] = /^(sips?):([\w.-]+)(?::[0-9]*)?(?:[;?][^@]*)?$/i.exec(name.value) ?? [];
  return kind === undefined || host === undefined ? undefined : { kind, name: host };
}

const srvNameId = '1.3.6.1.5.5.7.8.7';
