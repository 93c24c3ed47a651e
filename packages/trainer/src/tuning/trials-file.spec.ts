import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { TuningError } from '../errors';
import { readTrials, writeTrials } from './trials-file';

const identity = { 'training.seed': '1', backend: 'native' };
const records = [{ trial: 0, epochs: 1, score: 0.25, seconds: 1.5, values: { 'training.learningRate': 0.01 } }];

describe('a file of trials', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'trials-spec-'));
  });
  afterEach(async () => {
    await rm(folder, { recursive: true, force: true });
  });

  it('gives back what was written, and leaves nothing beside it', async () => {
    const file = join(folder, 'deep', 'trials.jsonl');
    expect(await readTrials(file, identity)).toEqual([]);
    await writeTrials(file, identity, records);
    expect(await readTrials(file, identity)).toEqual(records);
    expect(await readdir(join(folder, 'deep'))).toEqual(['trials.jsonl']);
  });

  it('is refused for another search', async () => {
    const file = join(folder, 'trials.jsonl');
    await writeTrials(file, identity, records);
    await expect(readTrials(file, { ...identity, 'training.seed': '2' })).rejects.toThrow(
      new TuningError(
        `${file} is of a search in which training.seed was 1, and now it is 2; ` +
          'give the options of that search, or another file.',
      ),
    );
  });

  it.each([
    ['is cut off', (text: string) => text.slice(0, -10)],
    ['has another shape', (text: string) => text.replace('0.25', '25')],
    ['is empty', () => ''],
  ])('is refused where it %s', async (_, damage) => {
    const file = join(folder, 'trials.jsonl');
    await writeTrials(file, identity, records);
    await writeFile(file, damage(await readFile(file, 'utf8')));
    await expect(readTrials(file, identity)).rejects.toThrow(`${file} is damaged; delete it to search anew.`);
  });
});
