import { latenciesOf } from '../serving/statistics';
import type { Point } from './measurement';

/** Labels of the rows found, of one query. */
export type Found = ArrayLike<number | bigint>;

/** An index that is ready to be measured. */
export interface Searchable {
  readonly buildSeconds: number | null;
  readonly bytesPerVector: number;
  /** Makes the searches that follow as broad as the setting says. */
  use(setting: number): void;
  /** Answers the query of a row on the calling thread. */
  one(row: number): Found;
  /** Answers it on a thread of the engine's own. */
  readonly awaitOne?: (row: number) => Promise<Found>;
  /** Answers all queries on all threads. */
  all(): readonly Found[] | Promise<readonly Found[]>;
  close(): Promise<void> | void;
}

export interface SweepOptions {
  /** Exact neighbours of every query. */
  readonly truth: readonly Int32Array[];
  readonly settings: readonly number[];
  readonly enough: number;
}

/** How long all queries are asked over and over. */
const TOGETHER_MS = 700;
/** How many are asked one at a time, after some that warm up. */
const ALONE = 1000;
const WARM_UP = 100;

/** So that there is a line to draw even where the narrowest setting finds enough. */
const FEWEST_POINTS = 3;

/** Measures setting after setting: a few, and on until one finds enough. */
export async function sweep(index: Searchable, { truth, settings, enough }: SweepOptions): Promise<Point[]> {
  const points: Point[] = [];
  for (const setting of settings) {
    index.use(setting);
    const recall = recallOf(await index.all(), truth);
    const together = await rateTogether(index, truth.length);
    points.push({ setting, recall, together, ...(await timesAlone(index, truth.length)) });
    if (recall >= enough && points.length >= FEWEST_POINTS) break;
  }
  return points;
}

async function rateTogether(index: Searchable, queries: number): Promise<number> {
  const start = performance.now();
  let elapsed = 0;
  let answered = 0;
  while (elapsed < TOGETHER_MS) {
    await index.all();
    answered += queries;
    elapsed = performance.now() - start;
  }
  return (answered / elapsed) * 1000;
}

async function timesAlone(index: Searchable, queries: number): Promise<Omit<Point, 'setting' | 'recall' | 'together'>> {
  const { p50, p99, rate } = await timesOf((row) => index.one(row), queries);
  const awaited = index.awaitOne && (await timesOf(index.awaitOne, queries)).rate;
  return { p50Ms: p50, p99Ms: p99, alone: rate, awaited };
}

async function timesOf(
  ask: (row: number) => Found | Promise<Found>,
  queries: number,
): Promise<{ readonly p50: number; readonly p99: number; readonly rate: number }> {
  for (let i = 0; i < WARM_UP; i++) await ask(i % queries);
  const times: number[] = [];
  for (let i = 0; i < ALONE; i++) {
    const start = performance.now();
    const answer = ask(i % queries);
    if (answer instanceof Promise) await answer;
    times.push(performance.now() - start);
  }
  const { p50, p99 } = latenciesOf(times);
  return { p50, p99, rate: (ALONE * 1000) / times.reduce((sum, time) => sum + time, 0) };
}

/** The share of the true neighbours that were found, over all queries. */
export function recallOf(found: readonly Found[], truth: readonly Int32Array[]): number {
  let hits = 0;
  let wanted = 0;
  truth.forEach((neighbours, query) => {
    const labels = new Set(Array.from(found[query], Number));
    for (const neighbour of neighbours) if (labels.has(neighbour)) hits++;
    wanted += neighbours.length;
  });
  return hits / wanted;
}
