/**
 * The reference: one page for each entry of a public package, with what its declarations and their comments say. Made of the
 * builds, so that a name of one package that another shows is one name, with one page.
 */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Application, Converter, ReflectionKind } from 'typedoc';
import { load } from 'typedoc-plugin-markdown';
import { publicPackages, root, scratch } from '../workspace.mjs';

/**
 * @param {string} out folder for the pages
 * @returns {Promise<{ entries: number, problems: string[] }>}
 */
export async function writeReference(out) {
  const entries = publicPackages().flatMap(({ name, directory, manifest }) =>
    Object.entries(manifest.exports ?? {})
      .filter(([, target]) => target.types !== undefined)
      .map(([entry, target]) => ({
        name: join(name, entry).replaceAll('\\', '/'),
        file: join(root, directory, target.types),
      })),
  );
  const tsconfig = join(scratch, 'tsconfig.reference.json');
  const compilerOptions = { composite: false, noEmit: true, types: ['node'], lib: ['es2023', 'dom'] };
  writeFileSync(
    tsconfig,
    JSON.stringify({
      extends: '../tsconfig.base.json',
      compilerOptions,
      files: entries.map(({ file }) => file),
    }),
  );
  const options = {
    entryPoints: entries.map(({ file }) => file),
    tsconfig,
    plugin: [load],
    readme: 'none',
    // What is inherited from Node is in Node's own documentation.
    excludeExternals: true,
    disableSources: true,
    // The packages themselves are type-checked elsewhere.
    skipErrorChecking: true,
    logLevel: 'Warn',
    sort: ['kind', 'instance-first', 'alphabetical-ignoring-documents'],
    validation: { notExported: false, invalidLink: true, invalidPath: false, rewrittenLink: false },
    // Of the plugin.
    out,
    outputFileStrategy: 'modules',
    entryFileName: 'index',
    hideBreadcrumbs: true,
    hidePageHeader: true,
    sanitizeComments: true,
    expandObjects: false,
    // Names that differ in case alone would be told apart by numbers, and vitepress counts otherwise.
    useHTMLAnchors: true,
  };
  const application = await Application.bootstrapWithPlugins(/** @type {any} */ (options));
  // It names modules by their files: core/dist, core/dist/tls13.
  application.converter.on(Converter.EVENT_RESOLVE_BEGIN, ({ project }) => {
    for (const each of project.getReflectionsByKind(ReflectionKind.Module))
      each.name = each.name.replace(/\/dist\b/, '');
  });
  const project = await application.convert();
  if (project === undefined) return { entries: 0, problems: ['typedoc made nothing of the declarations'] };
  application.validate(project);
  await application.generateOutputs(project);
  const { errorCount, warningCount } = application.logger;
  const problems =
    errorCount + warningCount > 0 ? [`typedoc counts ${errorCount} errors, ${warningCount} warnings`] : [];
  return { entries: entries.length, problems };
}
