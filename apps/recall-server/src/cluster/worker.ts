import { describeFailure } from '@vector-recall/command-line';
import type { SharedFile, Standing, StandingStore } from '@vector-recall/recall-service';
import { openStanding } from '../open-standing';
import type { ProcessOptions } from '../process-options';
import { RecallProcess } from '../recall-process';
import { ignoreStopSignals } from '../stop-signal';
import { PrimaryControl } from './control-questions';
import { FollowedChanges } from './followed-changes';
import { LOADS_FIRST, readOrder, type News } from './messages';

/**
 * Serves as one of several processes on a port, until the primary process says to stop.
 * @returns the exit code
 */
export async function runWorker({ config, logger, env }: ProcessOptions): Promise<number> {
  ignoreStopSignals();
  let recall: RecallProcess;
  const changes = config.live === '' ? undefined : new FollowedChanges((news) => void tell(news));
  followChanges(changes);
  const standing = followStanding(config.standing);
  const control = new PrimaryControl((question) => void tell(question));
  process.on('message', (message) => {
    control.take(message);
  });
  try {
    await changes?.start(config.live);
    recall = await RecallProcess.start({
      changes,
      control,
      standing: await standing,
      config,
      logger,
      env,
      standsAlone: false,
      loadsFirst: env[LOADS_FIRST] !== undefined,
      shareIndex: sharedIndexes(),
      onServing: (version) => void tell({ news: 'serving', version }),
    });
  } catch (error) {
    const { code, message, exitCode } = describeFailure(error);
    await tell({ news: 'failed', code, message });
    return exitCode;
  }
  await tell({ news: 'listening', port: recall.server.ports.recall });
  await followOrders(recall);
  return (await recall.stop()) ? 0 : 1;
}

/** Asks the primary process for copies of serving files. */
function sharedIndexes(): (file: string) => Promise<SharedFile | undefined> {
  const waiting = new Map<number, (place: SharedFile | undefined) => void>();
  let nextId = 0;
  process.on('message', (message) => {
    const order = readOrder(message);
    if (order?.order !== 'map-index') return;
    waiting.get(order.id)?.(order.place);
    waiting.delete(order.id);
  });
  return (file) =>
    new Promise((resolve) => {
      const id = nextId++;
      waiting.set(id, resolve);
      void tell({ news: 'wants-index', id, file });
    });
}

/** Takes changes up from the start: a worker is told of them before it serves. */
function followChanges(changes: FollowedChanges | undefined): void {
  if (changes === undefined) return;
  process.on('message', (message) => {
    const order = readOrder(message);
    if (order?.order === 'apply') {
      changes.apply(order.entries);
      void tell({ news: 'applied', id: order.id });
    } else if (order?.order === 'written' || order?.order === 'not-written') changes.take(order);
  });
  process.on('disconnect', () => {
    changes.abandon();
  });
}

/** Resolves when told to stop. */
async function followOrders(recall: RecallProcess): Promise<void> {
  return new Promise((resolve) => {
    process.on('message', (message) => {
      const order = readOrder(message);
      if (order?.order === 'stop') resolve();
      else if (order?.order === 'reload') void reload(recall, order.id, order.version);
      else if (order?.order === 'metrics') void tellMetrics(recall, order.id);
      else if (order?.order === 'check-standing') void checkStanding(recall, order.id, order.standing);
      else if (order?.order === 'show-life') void tell({ news: 'alive', id: order.id });
    });
  });
}

/** Opens the rules, and reads them anew when told to: from the start, so that no change is missed. */
async function followStanding(file: string): Promise<StandingStore | undefined> {
  const opening = openStanding(file);
  // Whoever waits for it hears of a failure.
  opening.catch(() => undefined);
  process.on('message', (message) => {
    const order = readOrder(message);
    if (order?.order === 'reread-standing') void rereadStanding(opening, order.id);
  });
  return opening;
}

async function rereadStanding(opening: Promise<StandingStore | undefined>, id: number): Promise<void> {
  try {
    await (await opening)?.reread();
    await tell({ news: 'standing-read', id });
  } catch (error) {
    const { code, message } = describeFailure(error);
    await tell({ news: 'refused', id, code, message });
  }
}

async function checkStanding(recall: RecallProcess, id: number, standing: Standing): Promise<void> {
  try {
    recall.standing?.check(standing);
    await tell({ news: 'standing-fits', id });
  } catch (error) {
    const { code, message } = describeFailure(error);
    await tell({ news: 'refused', id, code, message });
  }
}

async function reload(recall: RecallProcess, id: number, version: string | undefined): Promise<void> {
  try {
    await tell({ news: 'reloaded', id, reload: await recall.host.reload(version) });
  } catch (error) {
    const { code, message } = describeFailure(error);
    await tell({ news: 'refused', id, code, message });
  }
}

async function tellMetrics({ server }: RecallProcess, id: number): Promise<void> {
  const metrics = await server.registry.getMetricsAsJSON();
  await tell({ news: 'metrics', id, metrics: metrics.map((metric) => ({ ...metric })) });
}

/** Resolves when the primary process has it. */
async function tell(news: News): Promise<void> {
  return new Promise((resolve) => {
    process.send?.(news, undefined, undefined, () => {
      resolve();
    });
  });
}
