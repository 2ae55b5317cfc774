import type { Action, CommandSpec } from '../../command.ts';
import { bashCompletion } from '../../shells/bash.ts';
import { fishCompletion } from '../../shells/fish.ts';
import { zshCompletion } from '../../shells/zsh.ts';
import type { completionOptions } from './options.ts';

export const completionOf =
  (commands: readonly CommandSpec[]): Action<typeof completionOptions> =>
  async (_values, [shell = 'bash'], host) => {
    const write = { bash: bashCompletion, zsh: zshCompletion, fish: fishCompletion }[
      shell as 'bash' | 'zsh' | 'fish'
    ];
    host.stdout.write(write(commands));
    return 'ok';
  };
