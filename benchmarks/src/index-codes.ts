import { Command, InvalidArgumentError } from 'commander';
import { compareRecall } from './index-codes/compare-recall';
import { drawVectors, vectorSets } from './index-codes/vector-sets';
import { machineShape } from './machine';
import { markdownTable } from './table';

interface Options {
  readonly rows: number;
  readonly queries: number;
  readonly sets: string;
}

const CUTOFFS = [10, 500];

function wholeNumber(text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 500)
    throw new InvalidArgumentError('It must be a whole number of at least 500.');
  return value;
}

/** Prints the recall of the engine and of plain hnswlib on vectors of many kinds, as a Markdown table. */
async function main(): Promise<void> {
  const { rows, queries, sets } = new Command('index-codes')
    .option('--rows <n>', 'vectors of each set', wholeNumber, 20_000)
    .option('--queries <n>', 'queries of each set', (text) => Number(text), 200)
    .option('--sets <words>', 'only the sets whose name contains this', '')
    .parse()
    .opts<Options>();
  const lines: string[][] = [];
  for (const name of vectorSets.filter((one) => one.includes(sets))) {
    const { hnswlib, engine, codes, bytesPerVector } = await compareRecall(drawVectors(name, rows, queries), CUTOFFS);
    const recalls = CUTOFFS.flatMap((k) => [hnswlib, engine].map((recall) => recall[`recall@${k}`].toFixed(4)));
    lines.push([name, codes, bytesPerVector.toFixed(0), ...recalls]);
    process.stderr.write(`${lines.at(-1)?.join('  ')}\n`);
  }
  const head = ['vectors', 'compared by', 'bytes each', ...CUTOFFS.flatMap((k) => [`hnswlib @${k}`, `engine @${k}`])];
  process.stdout.write(
    `${markdownTable(head, lines)}\n\n${rows} vectors and ${queries} queries each; ${machineShape()}\n`,
  );
}

void main();
