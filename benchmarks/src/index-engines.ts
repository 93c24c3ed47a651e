import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join, resolve } from 'node:path';
import { Command } from 'commander';
import { ExactIndex } from '@vector-recall/hnsw-index';
import { writeNpy } from '@vector-recall/model-store';
import { drawCurves } from './index-engines/chart';
import { rateAt } from './index-engines/equal-recall';
import { readMatrix } from './index-engines/matrix';
import { engineMeasurement, type EngineJob, type EngineMeasurement } from './index-engines/measurement';
import { hasUsearch } from './index-engines/usearch';
import { machineShape } from './machine';
import { ms, whole } from './serving/statistics';
import { markdownTable } from './table';

interface Options {
  readonly vectors: string;
  readonly queries: string;
  readonly limit: number;
  readonly k: number;
  readonly m: number;
  readonly efConstruction: number;
  readonly target: number;
  readonly python?: string;
  readonly skip: string;
  readonly addPoint: boolean;
  readonly keep?: string;
  readonly svg?: string;
  readonly title?: string;
}

interface Contender {
  readonly name: string;
  readonly parameter: string;
  /** As shares of `k`, or lists probed. */
  readonly settings: readonly number[];
  readonly run: (job: EngineJob) => string;
}

interface Measured extends Contender {
  readonly measurement: EngineMeasurement;
}

/** A sweep goes on until it finds nearly all: beyond it the curves say nothing about a target of 0.95. */
const ENOUGH = 0.98;

const script = join(__dirname, 'index-engines/engine-process.js');
const faissScript = join(__dirname, '../peers/faiss_index.py');

const run = (program: string, args: readonly string[]): string =>
  execFileSync(program, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'], maxBuffer: 1 << 26 });

const inNode = (name: string) => (job: EngineJob) => run(process.execPath, [script, name, JSON.stringify(job)]);

function contenders({ k, python }: Options): Contender[] {
  const timesK = (shares: readonly number[]): number[] => shares.map((share) => Math.round(share * k));
  const candidates = timesK([1, 1.5, 2, 3, 4, 6, 8]);
  const faiss = (name: string) => (job: EngineJob) =>
    run(python ?? 'python3', [faissScript, name, JSON.stringify(job)]);
  const efs = timesK([0.1, 0.15, 0.2, 0.3, 0.4, 0.5, 0.6, 0.8, 1, 1.3, 1.6, 2, 2.5, 3, 4, 5, 6, 8]);
  return [
    { name: 'Vector Recall', parameter: 'efSearch', settings: efs, run: inNode('engine') },
    { name: 'hnswlib-node', parameter: 'ef', settings: candidates, run: inNode('hnswlib-node') },
    ...(hasUsearch()
      ? [{ name: 'usearch', parameter: 'expansion', settings: candidates, run: inNode('usearch') }]
      : []),
    ...(python === undefined
      ? []
      : [
          {
            name: 'faiss IVF,SQ8',
            parameter: 'nprobe',
            settings: [2, 4, 8, 12, 16, 24, 32, 64, 96, 128, 192, 256, 384, 512],
            run: faiss('ivf-sq8'),
          },
        ]),
  ];
}

async function findNeighbours(job: EngineJob): Promise<void> {
  const [vectors, queries] = [await readMatrix(job.vectors), await readMatrix(job.queries)];
  const truth = new Int32Array(queries.rows * job.k);
  new ExactIndex(vectors.values, vectors.dim).searchBatch(queries.values, job.k).forEach(({ labels }, row) => {
    truth.set(labels, row * job.k);
  });
  await writeNpy(job.truth, truth, [queries.rows, job.k]);
}

/** The first queries of the file, in one of their own: every engine answers the same. */
async function takeQueries({ queries, limit }: Options, file: string): Promise<void> {
  const { values, rows, dim } = await readMatrix(queries);
  const count = Math.min(rows, limit);
  await writeNpy(file, values.subarray(0, count * dim), [count, dim]);
}

function pointRows({ name, parameter, measurement }: Measured): string[][] {
  return measurement.points.map(({ setting, recall, together, alone, awaited, p50Ms, p99Ms }) => [
    name,
    `${parameter} ${setting}`,
    recall.toFixed(3),
    whole(together),
    whole(alone),
    ms(p50Ms),
    ms(p99Ms),
    awaited === undefined ? '–' : whole(awaited),
  ]);
}

function rateRows(measured: readonly Measured[], target: number): string[][] {
  const own = rateAt(target, measured[0].measurement.points);
  return measured.map(({ name, measurement: { points, buildSeconds, bytesPerVector } }) => {
    const rate = rateAt(target, points);
    const ratio = (ours?: number, theirs?: number): string =>
      ours === undefined || theirs === undefined ? '–' : `${(ours / theirs).toFixed(2)}×`;
    return [
      name,
      rate ? whole(rate.together) : '–',
      ratio(own?.together, rate?.together),
      rate ? whole(rate.alone) : '–',
      ratio(own?.alone, rate?.alone),
      rate?.awaited === undefined ? '–' : whole(rate.awaited),
      buildSeconds === null ? '–' : `${buildSeconds.toFixed(1)} s`,
      whole(bytesPerVector),
    ];
  });
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}

async function main(options: Options): Promise<void> {
  const { k, m, efConstruction, target } = options;
  const folder = options.keep ?? mkdtempSync(join(tmpdir(), 'index-engines-'));
  mkdirSync(folder, { recursive: true });
  try {
    const job = {
      vectors: resolve(options.vectors),
      queries: join(folder, `queries-${options.limit}.npy`),
      truth: join(folder, `neighbours-${options.limit}-${k}.npy`),
      folder: resolve(folder),
      k,
      m,
      efConstruction,
      enough: ENOUGH,
    };
    if (!existsSync(job.truth)) {
      await takeQueries(options, job.queries);
      await findNeighbours({ ...job, settings: [] });
    }
    const skipped = options.skip.split(',');
    const chosen = contenders(options).filter(({ name }, i) => i === 0 || !skipped.includes(name));
    const measured = chosen.map((contender): Measured => {
      const output = contender.run({ ...job, settings: contender.settings });
      process.stderr.write(`${contender.name}: ${output}\n`);
      return { ...contender, measurement: engineMeasurement.parse(JSON.parse(output)) };
    });
    const title = options.title ?? `${basename(options.vectors)}, top-${k}`;
    print(`${title}, on ${machineShape()}; M ${m}, efConstruction ${efConstruction}\n`);
    const head = [
      'engine',
      'setting',
      `recall@${k}`,
      'queries/s, all threads',
      'one at a time',
      'p50',
      'p99',
      'awaited',
    ];
    print(`${markdownTable(head, measured.flatMap(pointRows))}\n`);
    const at = [
      'engine',
      `queries/s at ${target}`,
      'ours',
      `one at a time at ${target}`,
      'ours',
      'awaited',
      'build',
      'bytes per vector',
    ];
    print(markdownTable(at, rateRows(measured, target)));
    if (options.addPoint) {
      const seconds = Number(inNode('add-point')({ ...job, settings: [] }));
      print(`\nhnswlib-node's addPoint, one vector after the other: ${seconds.toFixed(1)} s`);
    }
    if (options.svg !== undefined) {
      mkdirSync(dirname(options.svg), { recursive: true });
      const curves = measured.map(({ name, measurement: { points } }) => ({ engine: name, points }));
      writeFileSync(options.svg, `${await drawCurves(title, curves, target)}\n`);
    }
  } finally {
    if (options.keep === undefined) rmSync(folder, { recursive: true });
  }
}

void main(
  new Command('index-engines')
    .description(
      'Recall, speed, build time and size of our index engine, hnswlib-node, usearch and faiss, side by side.',
    )
    .requiredOption('--vectors <file>', '.npy of the vectors to index, one a row')
    .requiredOption('--queries <file>', '.npy of the vectors to search by')
    .option('--limit <count>', 'how many of the queries are taken', Number, 1000)
    .option('--k <count>', 'neighbours asked for', Number, 500)
    .option('--m <links>', 'links per node of the graphs', Number, 16)
    .option('--ef-construction <count>', 'candidates per insertion', Number, 200)
    .option('--target <recall>', 'the recall at which rates are compared', Number, 0.95)
    .option('--python <path>', 'a Python with faiss; without it faiss is left out')
    .option('--skip <engines>', 'peers to leave out, as the table names them, with commas between', '')
    .option('--add-point', "builds by hnswlib-node's addPoint too", false)
    .option('--keep <folder>', 'where indexes and exact neighbours are kept for the next run; nowhere by default')
    .option('--svg <file>', 'where the picture goes')
    .option('--title <text>', 'what the vectors are')
    .parse()
    .opts<Options>(),
);
