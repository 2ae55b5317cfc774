import { readFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';

const ajv = new Ajv2020({ strict: true, strictRequired: false, allowUnionTypes: true, allErrors: true });
const validate = ajv.compile(
  JSON.parse(readFileSync(new URL('../report.schema.json', import.meta.url), 'utf8')) as object,
);

/** What is wrong with documents of `--json`, one a line; nothing if all of them follow the schema. */
export function schemaProblems(text: string): string[] {
  return text
    .split('\n')
    .filter((line) => line.startsWith('{"schema"'))
    .flatMap((line) => {
      if (validate(JSON.parse(line))) return [];
      return (validate.errors ?? []).map(
        ({ instancePath, message, params }) => `${instancePath}: ${message} ${JSON.stringify(params)}`,
      );
    });
}
