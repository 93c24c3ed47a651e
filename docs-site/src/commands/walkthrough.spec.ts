import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { wordValue } from './markdown-blocks';
import { CommandRun, withPorts } from './command-run';
import { runPage, type BlockOutcome } from './page-run';
import { walks } from './walks';
import { root } from './workspace';

const squeezed = (text: string): string => text.replaceAll(/\s+/g, ' ').trim();

/** A block ends as it says, and what a page shows of its output is in it. */
function check({ block, code, output }: BlockOutcome): void {
  if (block.language === 'sh') {
    const expected = Number(wordValue(block, 'exit') ?? 0);
    expect({ script: block.text, code, output: code === expected ? '' : output }).toEqual({
      script: block.text,
      code: expected,
      output: '',
    });
    return;
  }
  const shown = block.text
    .split('\n')
    .map(squeezed)
    .filter((line) => line !== '' && line !== '…');
  const missing = shown.filter((line) => !squeezed(output).includes(line));
  expect({ missing, output: missing.length === 0 ? '' : output }).toEqual({ missing: [], output: '' });
}

it.each(walks.map((pages) => [...pages]))('a reader who follows %s gets what it says', async (...pages: string[]) => {
  const folder = mkdtempSync(join(tmpdir(), 'vector-recall-docs-'));
  const run = await CommandRun.start(folder);
  try {
    for (const page of pages) await runPage(run, readFileSync(join(root, 'docs', `${page}.md`), 'utf8'), check);
  } finally {
    await run.stop();
    rmSync(folder, { recursive: true, force: true });
  }
});

it('points commands to the ports of the test', () => {
  const ports = { port: 1, admin: 2, metrics: 3, http: 4 };
  expect(withPorts('npx vector-recall query --user 7\ncurl localhost:8080 localhost:9464', ports)).toBe(
    'npx vector-recall query --target localhost:1 --user 7\ncurl localhost:4 localhost:3',
  );
  expect(withPorts('vector-recall standing show --target localhost:50052', ports)).toBe(
    'vector-recall standing show --target localhost:2',
  );
});
