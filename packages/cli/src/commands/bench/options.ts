import { options, secondsBetween, wholeNumber } from '../../options/option.ts';
import { connectionOptions } from '../../tls/connection-options.ts';
import { targetOptions } from '../../tls/target.ts';

const {
  trace: _trace,
  truncation: _truncation,
  keylog: _keylog,
  brief: _brief,
  quiet: _quiet,
  ...shared
} = connectionOptions;

export const benchOptions = options({
  ...targetOptions,
  ...shared,
  seconds: {
    value: 'SECONDS',
    openssl: ['time'],
    read: secondsBetween(0.1, 3600),
    help: 'How long each measure takes. Default: 3.',
  },
  parallel: { value: 'COUNT', read: wholeNumber(1, 1000), help: 'Handshakes at a time. Default: 1.' },
  what: {
    value: 'WHAT',
    many: true,
    choices: ['full', 'resumed', 'bytes'],
    help: 'What to measure: full handshakes, resumed ones, or bytes. Default: all; of other servers not the bytes.',
  },
});
