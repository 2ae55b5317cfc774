import { options } from '../../options/option.ts';

export const inspectOptions = options({
  as: {
    value: 'KIND',
    choices: ['certificate', 'session', 'hello', 'capture'],
    help: 'What the files are. Default: what they look like.',
  },
  keylog: {
    value: 'FILE',
    openssl: ['keylogfile'],
    completes: 'file',
    help: 'Open the connections of captures with the secrets in this file too, beside those in the captures.',
  },
  messages: { help: 'Show every message of a capture, field by field.' },
  json: { help: 'Print one JSON document.' },
});
