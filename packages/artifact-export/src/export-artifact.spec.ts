import { execFileSync } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openArtifact, readNpy, type Artifact } from '@vector-recall/model-store';
import { publishSmallVectors, publishSmallWorld, type SmallArtifact } from '@vector-recall/recall-service/testing';
import { HierarchicalNSW } from 'hnswlib-node';
import { pythonWith } from '../../../tools/python-libraries/main.cjs';
import { ExportError, ImportError } from './errors';
import { exportArtifact } from './export-artifact';
import { readHnswlibFile } from './hnswlib/read-hnswlib';
import { stageHnswlibFile } from './hnswlib/stage-hnswlib';

const python = pythonWith('numpy', 'pyarrow', 'safetensors');
const withPython = python === undefined ? it.skip : it;

const DIM = 8;

let folder: string;
let made: SmallArtifact;
let artifact: Artifact;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'export-'));
  made = await publishSmallWorld(join(folder, 'store'));
  artifact = await openArtifact(made.root);
});
afterAll(() => rm(folder, { recursive: true }));

const path = (...names: string[]): string => join(folder, ...names);

/** What every reader prints: the ids and vectors of items and users, one after the other. */
const expected = () => ({
  items: Array.from({ length: 60 }, (_, row) => `i${row}`),
  users: Array.from({ length: 12 }, (_, row) => 100 + row),
  itemVectors: Array.from(made.itemVectors),
  userVectors: Array.from(made.userVectors),
});

withPython('writes npy files that numpy loads', async () => {
  await exportArtifact(artifact, 'npy', path('npy'));
  const script = `
import json, sys, numpy as np
at = lambda name: sys.argv[1] + '/' + name
print(json.dumps({'items': open(at('item-ids.txt')).read().split(), 'users': np.load(at('user-ids.npy')).tolist(),
  'itemVectors': np.load(at('items.npy')).astype(float).ravel().tolist(),
  'userVectors': np.load(at('users.npy')).astype(float).ravel().tolist()}))`;
  expect(python?.runJson(script, path('npy'))).toEqual(expected());
});

const readTables = (read: string): string => `
import json, sys, pyarrow.parquet as pq, pyarrow.ipc as ipc
at = lambda name: sys.argv[1] + '/' + name
items, users = [${read} for name in ('items', 'users')]
flat = lambda table: [float(x) for row in table['vector'].to_pylist() for x in row]
print(json.dumps({'items': items['id'].to_pylist(), 'users': users['id'].to_pylist(),
  'itemVectors': flat(items), 'userVectors': flat(users)}))`;

withPython('writes Parquet that pyarrow reads', async () => {
  await exportArtifact(artifact, 'parquet', path('parquet'));
  expect(python?.runJson(readTables("pq.read_table(at(name + '.parquet'))"), path('parquet'))).toEqual(expected());
});

withPython('writes Arrow files that pyarrow reads', async () => {
  await exportArtifact(artifact, 'arrow', path('arrow'));
  const script = readTables("ipc.open_file(at(name + '.arrow')).read_all()");
  expect(python?.runJson(script, path('arrow'))).toEqual(expected());
});

withPython('writes weights that the safetensors library reads', async () => {
  await exportArtifact(artifact, 'safetensors', path('weights'));
  const script = `
import json, sys
from safetensors.numpy import load_file
print(json.dumps({name: value.astype(float).ravel().tolist() for name, value in load_file(sys.argv[1]).items()}))`;
  const weights = python?.runJson(script, path('weights', 'towers.safetensors'));
  const own = [...made.model.parameters].map(([name, { values }]) => [name, Array.from(values)]);
  expect(weights).toEqual(Object.fromEntries(own));
});

it('writes an index that hnswlib opens and searches', async () => {
  await exportArtifact(artifact, 'hnswlib', path('hnswlib'));
  const about: unknown = JSON.parse(await readFile(path('hnswlib', 'index.json'), 'utf8'));
  expect(about).toMatchObject({ space: 'cosine', dim: DIM, count: 60, ids: 'item-ids.txt' });
  const index = new HierarchicalNSW('cosine', DIM);
  index.readIndexSync(path('hnswlib', 'index.bin'));
  for (const row of [0, 17, 59]) {
    const { neighbors, distances } = index.searchKnn(
      Array.from(made.itemVectors.subarray(row * DIM, (row + 1) * DIM)),
      1,
    );
    expect(neighbors).toEqual([row]);
    expect(distances[0]).toBeCloseTo(0, 5);
  }
});

it('writes an archive that tar unpacks to the artifact', async () => {
  const { files } = await exportArtifact(artifact, 'tar', path('tar'));
  expect(files.map(({ name }) => name)).toEqual([`${made.version}.tar`]);
  execFileSync('tar', ['-xf', path('tar', `${made.version}.tar`), '-C', path('tar')]);
  const unpacked = await openArtifact(path('tar', made.version));
  expect(unpacked.manifest).toEqual(artifact.manifest);
  await exportArtifact(artifact, 'tar', path('again'));
  const [first, again] = ['tar', 'again'].map((name) => readFile(path(name, `${made.version}.tar`)));
  expect((await first).equals(await again)).toBe(true);
});

it('refuses a folder that holds something', async () => {
  await expect(exportArtifact(artifact, 'npy', made.root)).rejects.toThrow(/is not empty; give a folder/);
});

it.each(['onnx', 'safetensors'] as const)('refuses %s of vectors alone, and leaves nothing', async (format) => {
  const { root } = await publishSmallVectors(path(`vectors-${format}`));
  const refused = exportArtifact(await openArtifact(root), format, path('none'));
  await expect(refused).rejects.toBeInstanceOf(ExportError);
  expect((await readdir(folder)).filter((name) => name.startsWith('none'))).toEqual([]);
});

describe('reading an index of hnswlib', () => {
  const vectors = [
    [3, 1, 2],
    [0, 5, 1],
    [7, 7, 7],
    [1, 0, 0],
  ];

  /** An index with room to spare, labels out of order and one deletion. */
  async function writeIndex(): Promise<string> {
    const index = new HierarchicalNSW('l2', 3);
    index.initIndex(10, 4, 50);
    [20, 3, 11, 7].forEach((label, i) => {
      index.addPoint(vectors[i], label);
    });
    index.markDelete(11);
    const file = path('foreign.bin');
    await index.writeIndex(file);
    return file;
  }

  it('finds labels and vectors, without what was deleted', async () => {
    const read = await readHnswlibFile(await writeIndex());
    expect(read).toMatchObject({ dim: 3, m: 4, efConstruction: 50 });
    expect([...read.labels]).toEqual([20n, 3n, 7n]);
    expect([...read.vectors]).toEqual([vectors[0], vectors[1], vectors[3]].flat());
  });

  it('stages them in the order of their labels', async () => {
    const staged = await stageHnswlibFile(await writeIndex(), folder);
    expect([...(await readNpy(staged.labels, 'int64')).values]).toEqual([3n, 7n, 20n]);
    expect([...(await readNpy(staged.vectors, 'float32')).values]).toEqual([vectors[1], vectors[3], vectors[0]].flat());
    expect(staged.labelsAreRows).toBe(false);
  });

  it('refuses other files and short ones', async () => {
    const whole = await readFile(await writeIndex());
    for (const bytes of [Buffer.alloc(0), Buffer.from('not an index'.repeat(50)), whole.subarray(0, 150)]) {
      await writeFile(path('broken.bin'), bytes);
      await expect(readHnswlibFile(path('broken.bin'))).rejects.toBeInstanceOf(ImportError);
    }
  });
});
