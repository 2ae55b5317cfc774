import { createReadStream, realpathSync, type Stats, statSync } from 'node:fs';
import { extname, join, sep } from 'node:path';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { pipeline } from 'node:stream';
import { fileProblem } from '../../files.ts';
import { httpService, type Patience, type Service } from './service.ts';

/** Serves the files of a directory and those below it, but none that are hidden or that a link leads out to. */
export function filesService(root: string, patience?: Patience): Service {
  const top = topOf(root);
  return httpService(() => (request, response) => answer(request, response, top), patience);
}

function topOf(root: string): string {
  try {
    return realpathSync(root);
  } catch (error) {
    throw fileProblem(error, 'read', root);
  }
}

function answer(request: IncomingMessage, response: ServerResponse, top: string): void {
  if (request.method !== 'GET' && request.method !== 'HEAD') {
    refuse(response, 405, 'only GET and HEAD', { allow: 'GET, HEAD' });
    return;
  }
  const found = fileOf(request.url ?? '/', top);
  if (found === undefined) {
    refuse(response, 404, 'there is no such file');
    return;
  }
  response.writeHead(200, {
    'content-type': types[extname(found.path).toLowerCase()] ?? 'application/octet-stream',
    'content-length': found.stats.size,
    'x-content-type-options': 'nosniff',
  });
  if (request.method === 'HEAD') response.end();
  // What the file turns out to be too short or long for, ends the connection.
  else pipeline(createReadStream(found.path), response, () => {});
}

function refuse(
  response: ServerResponse,
  status: number,
  text: string,
  headers: Record<string, string> = {},
): void {
  response.writeHead(status, { 'content-type': 'text/plain; charset=utf-8', ...headers }).end(`${text}\n`);
}

/** `undefined` for whatever is no file of ours, whyever: outside there is nothing to find out. */
export function fileOf(
  url: string,
  top: string,
): { readonly path: string; readonly stats: Stats } | undefined {
  const names = namesOf(url);
  if (names === undefined) return undefined;
  try {
    const path = realpathSync(join(top, ...names));
    const whole = statSync(path).isDirectory() ? realpathSync(join(path, 'index.html')) : path;
    // Also where a link leads out.
    if (!whole.startsWith(top.endsWith(sep) ? top : top + sep)) return undefined;
    const inside = whole.slice(top.length).split(sep);
    if (inside.some((name) => name.startsWith('.'))) return undefined;
    const stats = statSync(whole);
    return stats.isFile() ? { path: whole, stats } : undefined;
  } catch {
    return undefined;
  }
}

/** The names of a path, decoded once; none that is hidden, that leads up, or that has a separator in it. */
function namesOf(url: string): string[] | undefined {
  const [path = ''] = url.split(/[?#]/, 1);
  if (!path.startsWith('/')) return undefined;
  try {
    const names = path
      .split('/')
      .filter((name) => name !== '')
      .map(decodeURIComponent);
    return names.every((name) => !name.startsWith('.') && !/[/\\\0]/.test(name)) ? names : undefined;
  } catch {
    return undefined;
  }
}

const types: Readonly<Record<string, string>> = {
  '.css': 'text/css; charset=utf-8',
  '.html': 'text/html; charset=utf-8',
  '.ico': 'image/x-icon',
  '.jpg': 'image/jpeg',
  '.js': 'text/javascript; charset=utf-8',
  '.json': 'application/json',
  '.md': 'text/markdown; charset=utf-8',
  '.mjs': 'text/javascript; charset=utf-8',
  '.pdf': 'application/pdf',
  '.png': 'image/png',
  '.svg': 'image/svg+xml',
  '.txt': 'text/plain; charset=utf-8',
  '.wasm': 'application/wasm',
};
