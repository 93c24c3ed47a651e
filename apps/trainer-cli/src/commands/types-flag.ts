import { UsageError } from '@vector-recall/command-line';

/** What a `--types` flag takes, for its help. */
export const typesFlag = {
  flags: '--types <names>',
  help: 'the type of the event with each item of --history, with commas, as in view,purchase',
};

/**
 * Reads `view,purchase`; an empty name is an unknown type.
 * @throws UsageError where there is no history for them
 */
export function parseTypes(text: string | undefined, history: string | undefined): readonly string[] | undefined {
  if (text === undefined) return undefined;
  if (history === undefined) throw new UsageError('--types needs --history, whose items they are of.');
  return text.split(',');
}
