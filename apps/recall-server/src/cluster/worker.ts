import { describeFailure } from '@vector-recall/command-line';
import { AggregatorRegistry } from 'prom-client';
import type { ProcessOptions } from '../process-options';
import { RecallProcess } from '../recall-process';
import { ignoreStopSignals } from '../stop-signal';
import { LOADS_FIRST, readOrder, type News } from './messages';

/**
 * Serves as one of several processes on a port, until the primary process says to stop.
 * @returns the exit code
 */
export async function runWorker({ config, logger, env }: ProcessOptions): Promise<number> {
  ignoreStopSignals();
  let recall: RecallProcess;
  try {
    recall = await RecallProcess.start({
      config,
      logger,
      env,
      standsAlone: false,
      loadsFirst: env[LOADS_FIRST] !== undefined,
      onServing: (version) => void tell({ news: 'serving', version }),
    });
  } catch (error) {
    const { code, message, exitCode } = describeFailure(error);
    await tell({ news: 'failed', code, message });
    return exitCode;
  }
  AggregatorRegistry.setRegistries([recall.server.registry]);
  // Its constructor listens for the primary process asking for metrics.
  new AggregatorRegistry();
  await tell({ news: 'listening', port: recall.server.ports.recall });
  await followOrders(recall);
  return (await recall.stop()) ? 0 : 1;
}

/** Resolves when told to stop. */
async function followOrders(recall: RecallProcess): Promise<void> {
  return new Promise((resolve) => {
    process.on('message', (message) => {
      const order = readOrder(message);
      if (order?.order === 'stop') resolve();
      if (order?.order === 'reload') void reload(recall, order.id, order.version);
    });
  });
}

async function reload(recall: RecallProcess, id: number, version: string | undefined): Promise<void> {
  try {
    await tell({ news: 'reloaded', id, reload: await recall.host.reload(version) });
  } catch (error) {
    const { code, message } = describeFailure(error);
    await tell({ news: 'refused', id, code, message });
  }
}

/** Resolves when the primary process has it. */
async function tell(news: News): Promise<void> {
  return new Promise((resolve) => {
    process.send?.(news, undefined, undefined, () => {
      resolve();
    });
  });
}
