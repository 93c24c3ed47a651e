import { spawnSync } from 'node:child_process';
import { compileConfig } from '@vector-recall/core-config';
import { describeReproduction, shellWord } from './reproduction';

describe('describeReproduction', () => {
  const config = compileConfig({ flags: { data: 'files:my log', lr: '0.01', seed: '7', output: 'elsewhere' } });
  const backend = { name: 'wasm', isNative: false } as const;

  it('writes the call with what was given and what it started from', () => {
    const { command, seed, dataSha256 } = describeReproduction({ config, backend, dataSha256: 'ab12', from: 'v1' });
    expect(command).toBe("npx vector-recall train --data 'files:my log' --lr 0.01 --seed 7 --from v1");
    expect([seed, dataSha256]).toEqual([7, 'ab12']);
  });

  it('lists all options but those of servers', () => {
    const { config: listed } = describeReproduction({ config, backend, dataSha256: 'ab12' });
    expect(Object.keys(listed)).toEqual(['data', 'model', 'training', 'evaluation', 'hnsw', 'runtime']);
    expect(listed['training']).toEqual(config.training);
  });
});

it.each(['plain', 'two words', "it's", '$HOME "x" `y`', '', 'a;b', '-1'])('quotes %j as a shell reads it', (text) => {
  const { stdout } = spawnSync('sh', ['-c', `printf %s ${shellWord(text)}`], { encoding: 'utf8' });
  expect(stdout).toBe(text);
});
