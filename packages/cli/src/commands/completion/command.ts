import { type CommandSpec, command } from '../../command.ts';
import { completionOptions } from './options.ts';

/** `all` gives every command, this one among them. */
export const completionCommand = (all: () => readonly CommandSpec[]): CommandSpec =>
  command({
    name: 'completion',
    summary: 'Print the completions for a shell.',
    description: ['Prints a script that completes commands, options and their values.'],
    arguments: [{ name: 'shell', help: 'bash, zsh or fish.', choices: ['bash', 'zsh', 'fish'] }],
    options: completionOptions,
    examples: [
      ['completion bash > ~/.local/share/bash-completion/completions/sealwire', 'for bash'],
      ['completion fish > ~/.config/fish/completions/sealwire.fish', 'for fish'],
    ],
    load: async () => (await import('./run.ts')).completionOf(all()),
  });
