import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { pythonWith } from '../../tools/python-libraries/main.cjs';
import { run, runJson, temporaryFolder, tinyWorld } from './cli';
import { recallSchema } from './contract';

const python = pythonWith('numpy', 'pyarrow');
const withPython = python === undefined ? it.skip : it;

const folder = temporaryFolder();
const store = join(folder, 'store');

beforeAll(async () => {
  const { code, stderr } = await run([
    'train',
    ...tinyWorld,
    '--epochs=1',
    '--skip-benchmark',
    '--promote=always',
    '--output',
    store,
  ]);
  if (code !== 0) throw new Error(stderr);
});

const bulkSchema = z.object({ users: z.number(), resumedUsers: z.number(), topK: z.number() });

describe('recall --all-users', () => {
  withPython('writes Parquet that pyarrow reads', async () => {
    const out = join(folder, 'recs.parquet');
    const args = ['recall', '--all-users', '--top-k=30', '--out', out, '--output', store];
    expect(await runJson(bulkSchema, args)).toEqual({ users: 200, resumedUsers: 0, topK: 30 });
    const script = `
import json, sys, pyarrow.parquet as pq
table = pq.read_table(sys.argv[1])
first = table.slice(0, 30).to_pydict()
print(json.dumps({'types': [str(t) for t in table.schema.types], 'rows': table.num_rows, 'user': first['user_id'][0],
  'items': first['item_id'], 'scores': first['score'], 'ranks': first['rank']}))`;
    const read = z
      .object({
        types: z.array(z.string()),
        rows: z.number(),
        user: z.number(),
        items: z.array(z.number()),
        scores: z.array(z.number()),
        ranks: z.array(z.number()),
      })
      .parse(python?.runJson(script, out));
    expect(read.types).toEqual(['int64', 'int32', 'int64', 'float', 'string']);
    expect(read.rows).toBe(200 * 30);
    expect(read.ranks).toEqual(Array.from({ length: 30 }, (_, i) => i + 1));
    const user = ['recall', '--user', String(read.user), '--top-k=30', '--output', store];
    const { itemIds, scores } = await runJson(recallSchema, user);
    expect(read.items).toEqual(itemIds);
    expect(read.scores).toEqual(scores);
  });

  it('takes the filter of single recalls', async () => {
    const out = join(folder, 'filtered.jsonl');
    const common = ['--top-k=5', '--filter=id in (1, 2, 3)', '--output', store];
    const schema = bulkSchema.extend({ matches: z.number() });
    expect((await runJson(schema, ['recall', '--all-users', '--out', out, ...common])).matches).toBe(3);
    const [line] = readFileSync(out, 'utf8').split('\n', 1);
    const first = z.object({ userId: z.number(), itemIds: z.array(z.number()) }).parse(JSON.parse(line));
    const one = await runJson(recallSchema, ['recall', '--user', String(first.userId), ...common]);
    expect(first.itemIds).toEqual(one.itemIds);
    const wrong = await run(['recall', '--all-users', '--out', out, '--filter=price <', '--output', store]);
    expect([wrong.code, wrong.stderr]).toEqual([2, expect.stringContaining('--filter: The filter cannot be read')]);
  });

  it('says what it needs', async () => {
    for (const args of [['--all-users'], ['--all-users', '--out=a.csv'], ['--user=1', '--out=a.jsonl']]) {
      const { code, stderr } = await run(['recall', ...args, '--output', store]);
      expect([code, stderr]).toEqual([2, expect.stringContaining('--out')]);
    }
    expect(existsSync('a.jsonl')).toBe(false);
  });
});

describe('export and import', () => {
  const exportSchema = z.object({ version: z.string(), files: z.array(z.object({ name: z.string() })) });

  it('carries the index to hnswlib and back', async () => {
    const out = join(folder, 'hnswlib');
    const { files } = await runJson(exportSchema, ['export', '--format=hnswlib', '--out', out, '--output', store]);
    expect(files.map(({ name }) => name)).toEqual(['index.bin', 'index.json', 'item-ids.npy']);
    const imported = join(folder, 'imported');
    const args = ['import', '--hnswlib', join(out, 'index.bin'), '--ids', join(out, 'item-ids.npy'), '--out', imported];
    const { index } = await runJson(z.object({ index: z.object({ items: z.number(), dim: z.number() }) }), args);
    expect(index).toEqual({ items: 1000, dim: 32 });
    const vectors = ['export', '--format=npy', '--out', join(folder, 'npy'), '--output', imported];
    expect((await runJson(exportSchema, vectors)).files).toEqual([{ name: 'item-ids.npy' }, { name: 'items.npy' }]);
  });

  it('says what is wrong', async () => {
    const format = await run(['export', '--format=csv', '--out', join(folder, 'csv'), '--output', store]);
    expect([format.code, format.stderr]).toEqual([
      2,
      expect.stringContaining('--format is "csv", but it must be one of'),
    ]);
    const nothing = await run(['import', '--out', join(folder, 'nothing')]);
    expect([nothing.code, nothing.stderr]).toEqual([2, expect.stringContaining('import needs --vectors')]);
  });
});
