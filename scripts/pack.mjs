/**
 * `npm run pack`: tarballs of all packages, as they would be published, for programs outside of the clone. They depend on each other,
 * and while no registry has them, npm wants all of them at once.
 */
import { join } from 'node:path';
import { packAll } from './packs.mjs';
import { scratch } from './workspace.mjs';

const folder = join(scratch, 'packs');
const packed = await packAll(folder);
for (const { subject } of packed) console.log(subject.name);
console.log(`\nIn the folder of your program:\n\n  npm install ${join(folder, '*.tgz')}`);
