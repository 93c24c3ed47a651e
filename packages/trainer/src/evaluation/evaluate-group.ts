import type { RandomStream } from '@vector-recall/random';
import { bootstrapIntervals } from './bootstrap';
import {
  type DifferenceReport,
  type GroupReport,
  type Interval,
  type Intervals,
  type Metrics,
  type YardstickName,
  yardstickNames,
} from './evaluation-report';
import { Evaluator } from './evaluator';
import { JudgedUsers } from './judged-users';
import { notesOnGroup } from './notes';
import type { Scorer } from './scorer';
import { scorerReport } from './scorer-report';
import type { EvaluationTask } from './task';

/** Everything that ranks the same held-out items. */
export interface GroupScorers {
  readonly model: Scorer;
  readonly popularity: Scorer;
  readonly itemKnn: Scorer;
  readonly ease?: Scorer & { readonly lambda: number };
  /** Where items that nobody has touched are asked for. */
  readonly attributeKnn?: Scorer;
  readonly random: Scorer;
  readonly truth?: Scorer;
}

export interface GroupOptions {
  readonly cutoffs: readonly number[];
  /** Of the bootstrap. */
  readonly random: RandomStream;
  /** Told how many users a scorer is done with. */
  readonly onProgress?: (users: number) => void;
  readonly signal?: AbortSignal;
}

export interface EvaluatedGroup {
  readonly report: GroupReport;
  /** The ranks that the model and the yardsticks gave, by their name in the report. */
  readonly judged: ReadonlyMap<string, JudgedUsers>;
}

/** Ranks the held-out items of a task by the model and everything it is compared with, on the same users. */
export async function evaluateGroup(
  task: EvaluationTask,
  scorers: GroupScorers,
  { cutoffs, random, onProgress, signal }: GroupOptions,
): Promise<EvaluatedGroup> {
  const evaluator = new Evaluator(task, cutoffs);
  const measured = new Map<string, Measured>();
  const measure = async (name: keyof GroupScorers, scorer: Scorer): Promise<Measured> => {
    const users = new JudgedUsers();
    const metrics = await evaluator.evaluate(scorer, { onProgress, signal, onRanks: users.onRanks });
    const result = { metrics, users };
    measured.set(name, result);
    return result;
  };
  const model = await measure('model', scorers.model);
  const popularity = await measure('popularity', scorers.popularity);
  const itemKnn = await measure('itemKnn', scorers.itemKnn);
  const ease = scorers.ease && { ...(await measure('ease', scorers.ease)), lambda: scorers.ease.lambda };
  const attributeKnn = scorers.attributeKnn && (await measure('attributeKnn', scorers.attributeKnn));
  const chance = await measure('random', scorers.random);
  const truth = scorers.truth && (await measure('truth', scorers.truth));

  const yardsticks = {
    popularity,
    itemKnn,
    ...(ease === undefined ? {} : { ease }),
    ...(attributeKnn === undefined ? {} : { attributeKnn }),
  };
  const best = bestOf(yardsticks, headlineCutoff(cutoffs));
  const intervals = new IntervalTable(measured, best, cutoffs, random);
  const reportOf = (name: keyof GroupScorers, { metrics }: Measured) => scorerReport(metrics, intervals.of(name));
  const figures = {
    model: reportOf('model', model),
    popularity: reportOf('popularity', popularity),
    itemKnn: reportOf('itemKnn', itemKnn),
    ...(ease === undefined ? {} : { ease: { ...reportOf('ease', ease), lambda: ease.lambda } }),
    ...(attributeKnn === undefined ? {} : { attributeKnn: reportOf('attributeKnn', attributeKnn) }),
    random: reportOf('random', chance),
    ...(truth === undefined ? {} : { truth: reportOf('truth', truth) }),
    difference: differenceReport(best, model.metrics, measured.get(best)?.metrics ?? {}, intervals.ofDifference),
    users: model.users.count,
    items: evaluator.catalogue.length,
    unreachable: evaluator.unreachable,
    ...(task.repeated === undefined ? {} : { repeated: task.repeated }),
  };
  const notes = notesOnGroup(figures, { cutoff: headlineCutoff(cutoffs), targets: task.targets.length });
  const names = ['model', ...yardstickNames];
  const judged = new Map(
    Array.from(measured, ([name, { users }]) => [name, users] as const).filter(([name]) => names.includes(name)),
  );
  return { report: { ...figures, notes }, judged };
}

interface Measured {
  readonly metrics: Metrics;
  readonly users: JudgedUsers;
}

/** The list length that the short answer is about. */
function headlineCutoff(cutoffs: readonly number[]): number {
  const ascending = [...cutoffs].sort((a, b) => a - b);
  return ascending.find((cutoff) => cutoff >= 10) ?? ascending[ascending.length - 1];
}

function bestOf(yardsticks: Readonly<Partial<Record<YardstickName, Measured>>>, cutoff: number): YardstickName {
  const hitRate = (name: YardstickName) => yardsticks[name]?.metrics[`hitRate@${cutoff}`] ?? -1;
  return yardstickNames.reduce((best, name) => (hitRate(name) > hitRate(best) ? name : best));
}

type Figure = `${string}@${number}`;

/** The intervals of all scorers and of the difference to one of them, out of the same resamples. */
class IntervalTable {
  readonly ofDifference: ReadonlyMap<Figure, Interval>;
  readonly #ofScorer: ReadonlyMap<string, Intervals>;

  constructor(
    measured: ReadonlyMap<string, Measured>,
    yardstick: YardstickName,
    cutoffs: readonly number[],
    random: RandomStream,
  ) {
    const figures = Array.from(measured, ([name, { users }]) => [name, users.figures(cutoffs)] as const);
    const model = measured.get('model')?.users.figures(cutoffs) ?? new Map<Figure, Float64Array>();
    const other = measured.get(yardstick)?.users.figures(cutoffs) ?? new Map<Figure, Float64Array>();
    const differences = Array.from(
      model,
      ([figure, values]) => [figure, values.map((value, user) => value - (other.get(figure)?.[user] ?? 0))] as const,
    );
    const columns = [
      ...figures.flatMap(([, ofScorer]) => [...ofScorer.values()]),
      ...differences.map(([, values]) => values),
    ];
    const intervals = bootstrapIntervals(columns, random);
    let next = 0;
    const take = (): Interval => intervals[next++];
    this.#ofScorer = new Map(
      figures.map(([name, ofScorer]) => [
        name,
        Object.fromEntries(Array.from(ofScorer.keys(), (figure) => [figure, take()])),
      ]),
    );
    this.ofDifference = new Map(differences.map(([figure]) => [figure, take()]));
  }

  of(scorer: string): Intervals {
    return this.#ofScorer.get(scorer) ?? {};
  }
}

function differenceReport(
  to: YardstickName,
  model: Metrics,
  yardstick: Metrics,
  intervals: ReadonlyMap<Figure, Interval>,
): DifferenceReport {
  const differences: Record<Figure, { value: number; interval: Interval }> = {};
  for (const [figure, interval] of intervals) {
    differences[figure] = { value: model[figure] - yardstick[figure], interval };
  }
  return Object.assign(differences, { to });
}
