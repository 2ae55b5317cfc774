/** The other part of the situations that the builtin `node:tls` and ours play: what goes over connections, and all that is none. */
import { playAll } from './play-all.ts';
import { parts } from './scenarios/index.ts';

playAll(parts.stream);
