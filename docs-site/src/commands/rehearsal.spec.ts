import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CommandRun, type Ended } from './command-run';
import { readDocuments } from './documents';
import { notRehearsed } from './not-rehearsed';
import { blocksOf, shapeOf, type Block, type Step } from './rehearsal';
import { writeRehearsalFiles } from './rehearsal-files';
import { walks } from './walks';

/** Pages that make what others need, in this order; the others follow. */
const first = ['README.md', 'docs/how-do-i.md', 'docs/day-two.md', 'docs/carry-away.md'];

const documents = [
  ...first.flatMap((page) => readDocuments().filter(({ source }) => source === page)),
  ...readDocuments().filter(({ source }) => !first.includes(source)),
];
const walked = new Set(walks.flat().map((page) => `docs/${page}.md`));
const inWalk = documents
  .filter(({ source }) => walked.has(source))
  .flatMap(({ source, markdown }) => blocksOf(source, markdown, (words) => !words.includes('skip')))
  .flat();
const others = documents.flatMap(({ source, markdown }) =>
  blocksOf(source, markdown, (words) => !walked.has(source) || words.includes('skip')),
);

/** `DOCS=whole` runs the commands of all pages, as `nx run docs:rehearse` does; otherwise those of the first ones. */
const isWhole = process.env['DOCS'] === 'whole';

const isRehearsed = ({ text }: Step): boolean => !notRehearsed.some(([pattern]) => pattern.test(text));

/** Blocks of commands that are not like one before: several pages show the same with other numbers. */
function fresh(): Block[] {
  const seen = new Set([...inWalk.map(({ text }) => text), ...preparation].map(shapeOf));
  return others.flatMap((block) => {
    const steps = block.filter(
      (step) => isRehearsed(step) && (step.kind !== 'command' || !seen.has(shapeOf(step.text))),
    );
    if (!steps.some(({ text, kind }) => kind !== 'export' && !seen.has(shapeOf(text)))) return [];
    for (const { text } of steps) seen.add(shapeOf(text));
    return isWhole || first.includes(block[0].source) ? [steps] : [];
  });
}

/** A page's names for what only a reader has. */
function withValues(text: string, folder: string): string {
  const versions = readdirSync(join(folder, 'artifacts/versions')).sort();
  return text
    .replaceAll(/\bVERSION\b|20261122T101500Z-3f2a/g, versions.at(-1) ?? '')
    .replaceAll(/\bOTHER\b/g, versions.at(-2) ?? '')
    .replace('0.12,-0.4,0.33,...', Array.from({ length: 16 }, (_, n) => n / 16).join(','))
    .replace('--attributes items.jsonl', '--attributes attributes.jsonl');
}

/** Trainings take seconds. */
const quick = {
  VECTOR_RECALL_PRESET: 'linear',
  VECTOR_RECALL_EPOCHS: '1',
  VECTOR_RECALL_EMBEDDING_DIM: '16',
  VECTOR_RECALL_BATCH_SIZE: '128',
  VECTOR_RECALL_PROMOTE: 'always',
};

/** Pages show these too. The second makes a version that can be rolled back to. */
const preparation = [
  'npx vector-recall init --data my-log',
  'npx vector-recall train --data files:my-log',
  'npx vector-recall train --from current --data files:my-log',
];

/** A store with two versions, the server that commands ask, and an index of another tool. */
async function prepare(base: CommandRun): Promise<void> {
  const [init = '', ...rest] = preparation;
  const shop = 'cp shop.yaml my-log/dataset.yaml; cp shop.yaml only-the-new-events/dataset.yaml';
  const last = 'cp artifacts/current/hnsw.bin index.bin';
  const script = [init, shop, ...rest, last].join('\n');
  expectSuccess(script, await base.shell(script));
  await base.serve('npx vector-recall-server --artifacts artifacts --live base --standing base.json --http-port 8080');
}

/** Runs a block, with a server of its own where it starts one. */
async function rehearse(block: Block, base: CommandRun): Promise<void> {
  const run = block.some(({ kind }) => kind === 'server') ? await CommandRun.start(base.folder, quick) : base;
  let before = '';
  try {
    for (const { text, kind } of block) {
      const script = withValues(text, base.folder);
      if (kind === 'export') before += `${script}\n`;
      else if (kind === 'server') await run.serve(script, before);
      else expectSuccess(script, await run.shell(`${before}${script}`), text.includes('if-better') ? [0, 3] : [0]);
    }
  } finally {
    if (run !== base) await run.stop();
  }
}

/** @param allowed a promotion on a condition may be refused */
function expectSuccess(script: string, { code, output }: Ended, allowed = [0]): void {
  const isAllowed = code !== null && allowed.includes(code);
  expect({ script, code, output: isAllowed ? '' : output }).toEqual({ script, code: isAllowed ? code : 0, output: '' });
}

describe('commands of the pages that are not walked through', () => {
  const folder = mkdtempSync(join(tmpdir(), 'vector-recall-docs-'));
  let base: CommandRun;

  beforeAll(async () => {
    writeRehearsalFiles(folder);
    base = await CommandRun.start(folder, quick);
    await prepare(base);
  });

  afterAll(async () => {
    await base.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  it.each(fresh().map((block) => [block[0].source, block.map(({ text }) => text).join('; '), block] as const))(
    '%s: %s',
    async (_source, _text, block) => {
      await rehearse(block, base);
    },
  );
});

it('every reason for a command that is not run applies to one', () => {
  const texts = others.flat().map(({ text }) => text);
  const idle = notRehearsed.filter(([pattern]) => !texts.some((text) => pattern.test(text)));
  expect(idle).toEqual([]);
});

it('runs most commands', () => {
  const steps = others.flat().filter(({ kind }) => kind !== 'export');
  expect(steps.filter(isRehearsed).length).toBeGreaterThan(60);
});
