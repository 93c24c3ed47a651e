import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { run, runJson, start, temporaryFolder, tinyWorld } from './cli';
import { doctorSchema } from './contract';

/** `FAULTS=whole` kills at more moments, as `nx run recall-server:fault-test` does. */
const isWhole = process.env['FAULTS'] === 'whole';

const folder = temporaryFolder();
const args = ['train', ...tinyWorld, '--epochs=1', '--promote=always'];

async function pause(ms: number): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, ms));
}

/** Opens the store as a server would: every file of the current version is checked. */
async function expectWholeOrAbsent(store: string): Promise<void> {
  const { store: found } = await runJson(doctorSchema, ['doctor', '--output', store, '--backend', 'cpu']);
  expect(found.problem).toBeUndefined();
  expect(found.versions.filter(({ problem }) => problem !== undefined)).toEqual([]);
  expect(existsSync(join(store, 'current'))).toBe(found.current !== undefined);
}

/** Names of the artifacts that are being written; a run stages one when its training is done. */
function stagedIn(store: string): string[] {
  const staging = join(store, '.staging');
  return existsSync(staging) ? readdirSync(staging) : [];
}

/** Waits until the run has begun to write its artifact. */
async function writing(store: string, before: readonly string[], finished: Promise<unknown>): Promise<void> {
  const state = { ended: false };
  void finished.then(() => {
    state.ended = true;
  });
  while (!state.ended && stagedIn(store).every((name) => before.includes(name))) await pause(1);
}

describe('kill -9 leaves the current artifact whole or absent', () => {
  const fresh = join(folder, 'fresh');
  const used = join(folder, 'used');
  let durationMs = 0;

  beforeAll(async () => {
    const started = performance.now();
    const { code } = await run([...args, '--output', used]);
    durationMs = performance.now() - started;
    expect(code).toBe(0);
  });

  const count = isWhole ? 40 : 3;
  const kills = Array.from({ length: count }, (_, index) => ({ share: (index + 0.5) / count }));

  it.each(kills)('after $share of the run', async ({ share }) => {
    const store = share < 0.5 ? fresh : used;
    const killed = start([...args, '--output', store]);
    await pause(share * durationMs);
    killed.child.kill('SIGKILL');
    await killed.finished;
    await expectWholeOrAbsent(store);
  });

  // The moments that matter most are those in which files are written, checked, moved and promoted.
  const delays = isWhole ? Array.from({ length: 40 }, (_, index) => index * 10) : [0, 60, 200];
  it.each(delays)('%d ms after the artifact was begun', async (delayMs) => {
    const store = delayMs % 40 === 0 ? used : fresh;
    const before = stagedIn(store);
    const killed = start([...args, '--output', store]);
    await writing(store, before, killed.finished);
    await pause(delayMs);
    killed.child.kill('SIGKILL');
    await killed.finished;
    await expectWholeOrAbsent(store);
  });

  it('and the next run works as if nothing had happened', async () => {
    for (const store of [fresh, used]) {
      expect((await run([...args, '--output', store])).code).toBe(0);
      const { store: found } = await runJson(doctorSchema, ['doctor', '--output', store]);
      expect(found.current).toBeDefined();
    }
  });
});
