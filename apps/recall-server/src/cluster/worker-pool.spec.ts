import cluster from 'node:cluster';
import { join } from 'node:path';
import { WorkerPool } from './worker-pool';

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** Gives up after half a minute, so that a test that fails ends. */
async function until(condition: () => boolean): Promise<void> {
  for (let turn = 0; !condition(); turn++) {
    if (turn === 3000) throw new Error(`It did not come to ${condition.toString()}.`);
    await pause(10);
  }
}

it('is not ready while a worker hangs, and replaces it', async () => {
  cluster.setupPrimary({ exec: join(__dirname, 'hanging-worker.cjs'), execArgv: [] });
  const deaths: { readonly pid: number | undefined; readonly how: string }[] = [];
  const pool = new WorkerPool({
    size: 2,
    silentMs: { notReady: 200, replaced: 500 },
    drainTimeoutMs: 1000,
    share: () => Promise.resolve(undefined),
    onDeath: (death) => deaths.push(death),
  });
  try {
    await pool.start();
    await until(() => pool.whyNotReady === undefined);
    // Its outcome comes when the workers are ended.
    const reload = pool.reload('hang').catch((error: unknown) => error);
    await until(() => pool.whyNotReady !== undefined);
    expect(pool.whyNotReady).toMatch(/^[01] of 2 workers have a model and answer$/);
    await until(() => deaths.length === 2);
    expect(deaths.map(({ how }) => how)).toEqual(Array(2).fill('no sign of life for 500 ms'));
    expect(await reload).toMatchObject({ code: 'SERVER_WORKER_DIED' });
    await until(() => pool.whyNotReady === undefined);
    expect(await pool.stop()).toBe(true);
  } finally {
    await pool.stop();
  }
});
