import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { CommandRun, type Ended } from './command-run';
import { markdownBlocks, wordValue, type MarkdownBlock } from './markdown-blocks';

/** What a block of commands left. */
export interface BlockOutcome extends Ended {
  readonly block: MarkdownBlock;
}

/**
 * Does what a page tells a reader to do: writes the files of `yaml file=PATH` blocks, runs `sh` blocks, and keeps the servers of
 * `sh server` blocks running. `sh skip` blocks are for the reader alone.
 *
 * @param check is called with each outcome as it comes
 */
export async function runPage(
  run: CommandRun,
  markdown: string,
  check: (outcome: BlockOutcome) => void,
): Promise<void> {
  let outcome: BlockOutcome | undefined;
  for (const block of markdownBlocks(markdown)) {
    const file = wordValue(block, 'file');
    if (file !== undefined) writeFileSync(join(run.folder, file), block.text);
    else if (block.language === 'sh' && block.words.includes('server')) await run.serve(block.text);
    else if (block.language === 'sh' && !block.words.includes('skip')) {
      outcome = { block, ...(await run.shell(block.text)) };
      check(outcome);
    } else if (block.language === 'text' && block.words.includes('output') && outcome !== undefined) {
      check({ ...outcome, block });
    }
  }
}
