#!/usr/bin/env node
/** The program `sealwire`. */
import { processHost } from './host.ts';
import { main } from './main.ts';

const host = processHost();
process.exitCode = await main(process.argv.slice(2), host);
// A pipe that nobody closes must not keep the program alive once it has done its work.
process.stdin.destroy();
