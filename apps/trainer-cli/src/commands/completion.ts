import { listOptions } from '@vector-recall/core-config';
import { z } from 'zod';
import { completionScript, shells, type CompletedCommand } from '../completion/completion-script';
import type { CommandDefinition } from './command';
import { parseChoice } from './flag-values';

const ownFlags = z.object({ shell: z.string() });

/** @param commands those that there are, asked for once the command runs */
export function createCompletionCommand(commands: () => readonly CompletedCommand[]): CommandDefinition {
  return {
    name: 'completion',
    summary: 'write a script that completes vector-recall and vector-recall-server in a shell',
    accepts: () => false,
    usesStoredConfig: false,
    declare: (command) => {
      command.argument('<shell>', `${shells.join(', ')}; as in: source <(vector-recall completion bash)`);
    },
    run: ({ own }) => {
      const shell = parseChoice('The shell', ownFlags.parse(own).shell, shells);
      const serverFlags = listOptions()
        .filter(({ section }) => section === 'server')
        .map(({ flag, description }) => ({ flag: `--${flag}`, summary: description }));
      const text = completionScript(shell, [
        { name: 'vector-recall', commands: commands(), flags: [] },
        { name: 'vector-recall-server', commands: [], flags: serverFlags },
      ]);
      return Promise.resolve({ json: { shell, script: text }, sections: [], text });
    },
  };
}
