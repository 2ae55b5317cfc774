/** A second reporter for knip, which is silent when all is well: how many files it looked at. */

/** @param {import('knip').ReporterOptions} options */
export default function count({ counters }) {
  console.log(`checked ${counters.processed} files for unused files, exports and dependencies`);
}
