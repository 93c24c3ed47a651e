import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { temporaryFolder } from '../cli';
import { Server } from '../server';
import { Ledger } from './ledger';
import { buildStore, FAULTS_TIMEOUT_MS, isWhole, uniform, vectorsBy } from './world';

const kills = isWhole ? 200 : 4;

jest.setTimeout(FAULTS_TIMEOUT_MS);

const folder = temporaryFolder();
const store = join(folder, 'store');
const draw = uniform(12);
const vector = vectorsBy(draw);
let version: string;

beforeAll(async () => {
  version = await buildStore(store, 200, vector);
});

it.each([
  ['alone', []],
  ['with two workers', ['--workers', '2']],
])(
  `has every acknowledged change after kill -9 of the server ${isWhole ? `${kills / 2} times` : 'at random moments'}, %s`,
  async (name, flags) => {
    const live = join(folder, `live-${name}`);
    const ledger = new Ledger(vector);
    const start = async (): Promise<Server> => {
      const server = await Server.start(store, ['--live', live, ...flags]);
      await server.serves(version, flags.length === 0 ? 1 : 2);
      expect(await ledger.wrong(server.target)).toEqual([]);
      return server;
    };
    let changes = 0;
    for (let round = 0; round < kills / 2; round++) {
      const server = await start();
      const writing = ledger.write(server.target);
      await setTimeout(draw() * 600);
      server.kill('SIGKILL');
      changes += (await writing).made;
      await server.stop();
    }
    const server = await start();
    expect((await server.stop()).code).toBe(0);
    expect(changes).toBeGreaterThan(0);
  },
);
