import { readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ModelConfig } from '@vector-recall/core-config';
import { openArtifact, type Catalogue, type CatalogueField } from '@vector-recall/model-store';
import { RandomStream } from '@vector-recall/random';
import {
  publishSmallWorld,
  smallCatalogue,
  typedCatalogue,
  type SmallArtifact,
} from '@vector-recall/recall-service/testing';
import { pythonWith } from '../../../../tools/python-libraries/main.cjs';
import { exportArtifact } from '../export-artifact';

const python = pythonWith('numpy', 'onnxruntime');
const withPython = python === undefined ? it.skip : it;

const USERS = 12;
const ITEMS = 60;
const random = new RandomStream(9, 'fields');

/** Lists of labels, some of them empty. */
function lists(rows: number, count: number) {
  const offsets = Int32Array.from({ length: rows + 1 }, (_, row) => Math.floor((row * 3) / 2));
  return { count, offsets, values: Int32Array.from({ length: offsets[rows] }, (_, place) => (place * 7) % count) };
}

function vectors(rows: number, width: number) {
  return { width, values: Float32Array.from({ length: rows * width }, () => random.normal()) };
}

/** A field of every kind. */
function everyField(rows: number): CatalogueField[] {
  const labels = ['a', 'b', 'c'];
  return [
    { kind: 'numbers', name: 'mixed', names: ['x', 'y'], ...vectors(rows, 2) },
    {
      kind: 'category',
      name: 'mixed',
      labels,
      count: 3,
      values: Int32Array.from({ length: rows }, (_, i) => (i % 4) - 1),
    },
    { kind: 'path', name: 'shelf', labels, ...lists(rows, 3) },
    { kind: 'tags', name: 'tags', labels, ...lists(rows, 3) },
    { kind: 'text', name: 'title', ...lists(rows, 11) },
    { kind: 'vectors', name: 'image', ...vectors(rows, 5) },
  ];
}

const catalogue: Catalogue = { ...smallCatalogue(), userFields: everyField(USERS), itemFields: everyField(ITEMS) };

/** Values of the inputs of all rows, as JSON. */
function fieldInputs(fields: readonly CatalogueField[], rows: number): Record<string, unknown> {
  const entries = fields.map((field): [string, unknown] => {
    const name = `${field.kind}.${field.name}`;
    if (field.kind === 'category') return [name, Array.from(field.values)];
    if (field.kind === 'numbers' || field.kind === 'vectors') {
      const { values, width } = field;
      return [name, Array.from({ length: rows }, (_, i) => Array.from(values.subarray(i * width, (i + 1) * width)))];
    }
    const { offsets, values } = field;
    return [
      name,
      Array.from({ length: rows }, (_, i) => {
        const list = Array.from(values.subarray(offsets[i], offsets[i + 1]));
        return [...list, ...new Array<number>(3 - list.length).fill(-1)];
      }),
    ];
  });
  return Object.fromEntries(entries);
}

function histories(length: number, items = catalogue.history.items): number[][] {
  const { offsets } = catalogue.history;
  return Array.from({ length: USERS }, (_, user) => {
    const newest = Array.from(items.subarray(Math.max(offsets[user], offsets[user + 1] - length), offsets[user + 1]));
    return [...new Array<number>(length - newest.length).fill(-1), ...newest];
  });
}

const script = `
import json, sys, numpy as np, onnxruntime as ort
session = ort.InferenceSession(sys.argv[1], providers=['CPUExecutionProvider'])
given = json.load(open(sys.argv[2]))
types = {'tensor(float)': np.float32, 'tensor(int64)': np.int64}
feed = {i.name: np.array(given[i.name], dtype=types[i.type]) for i in session.get_inputs()}
print(json.dumps(session.run(['vector'], feed)[0].astype(float).ravel().tolist()))`;

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'onnx-'));
});
afterAll(() => rm(folder, { recursive: true }));

async function run(tower: string, inputs: object): Promise<number[]> {
  const file = join(folder, 'inputs.json');
  await writeFile(file, JSON.stringify(inputs));
  return python?.runJson(script, tower, file) as number[];
}

function largestDifference(a: ArrayLike<number>, b: ArrayLike<number>): number {
  expect(a).toHaveLength(b.length);
  return Array.from(a).reduce((most, value, i) => Math.max(most, Math.abs(value - b[i])), 0);
}

const configs: readonly Partial<ModelConfig>[] = [
  { historyEncoder: 'mean', hiddenDims: [10, 9] },
  { historyEncoder: 'recency' },
  { historyEncoder: 'transformer', historyBlocks: 2, historyHeads: 2 },
  { historyEncoder: 'none', hiddenDims: [] },
  { historyEncoder: 'mean', itemItemDim: 5 },
  {
    historyEncoder: 'transformer',
    trunk: 'sum',
    idDim: 8,
    categoryDim: 8,
    tagDim: 8,
    featureDim: 8,
    historyDim: 8,
    itemItemDim: 3,
  },
];

describe.each(configs)('the towers of a model with %j', (config) => {
  let made: SmallArtifact;
  let out: string;
  const name = JSON.stringify(config).replaceAll(/\W/g, '');

  beforeAll(async () => {
    const root = join(folder, `store-${name}`);
    made = await publishSmallWorld(root, { catalogue, config });
    out = join(folder, `onnx-${name}`);
    await exportArtifact(await openArtifact(root), 'onnx', out);
  });

  withPython('give the vectors of users in onnxruntime', async () => {
    const id = Array.from({ length: USERS }, (_, row) => row);
    const fields = fieldInputs(catalogue.userFields ?? [], USERS);
    const inputs = { id, ...fields, 'context.device': id.map(() => -1), history: histories(4) };
    const found = await run(join(out, 'user-tower.onnx'), inputs);
    expect(largestDifference(found, made.userVectors)).toBeLessThan(1e-5);
  });

  withPython('give the vectors of unknown users in a context', async () => {
    const device = [0, 1, -1];
    const fields = fieldInputs(everyField(0), 0);
    const nothing = Object.keys(fields).map((field): [string, unknown] => {
      if (field.startsWith('category')) return [field, [-1, -1, -1]];
      const width = field.startsWith('numbers') ? 2 : field.startsWith('vectors') ? 5 : 1;
      return [field, device.map(() => new Array<number>(width).fill(width === 1 ? -1 : 0))];
    });
    const history = [
      [-1, -1, -1, -1],
      [-1, -1, 3, 7],
      [9, 8, 7, 6],
    ];
    const inputs = { id: [-1, -1, -1], ...Object.fromEntries(nothing), 'context.device': device, history };
    const expected = made.model.encodeUsers({
      users: Int32Array.of(-1, -1, -1),
      historyOffsets: Int32Array.of(0, 0, 2, 6),
      historyItems: Int32Array.of(3, 7, 9, 8, 7, 6),
      context: [Int32Array.from(device)],
    });
    expect(largestDifference(await run(join(out, 'user-tower.onnx'), inputs), expected)).toBeLessThan(1e-5);
  });

  withPython('give the vectors of items in onnxruntime', async () => {
    const id = Array.from({ length: ITEMS }, (_, row) => row);
    const inputs = { id, ...fieldInputs(catalogue.itemFields ?? [], ITEMS) };
    expect(largestDifference(await run(join(out, 'item-tower.onnx'), inputs), made.itemVectors)).toBeLessThan(1e-5);
  });

  it('say what their inputs mean', () => {
    const about = JSON.parse(readFileSync(join(out, 'inputs.json'), 'utf8')) as Record<string, { inputs: object[] }>;
    expect(about.item.inputs).toContainEqual(
      expect.objectContaining({ name: 'category.mixed', type: 'int64', labels: ['a', 'b', 'c'] }),
    );
    const history = about.user.inputs.filter((input) => 'name' in input && input.name === 'history');
    expect(history).toHaveLength(config.historyEncoder === 'none' ? 0 : 1);
  });
});

describe.each<Partial<ModelConfig>>([
  { historyEncoder: 'mean' },
  { historyEncoder: 'recency' },
  { historyEncoder: 'transformer', historyBlocks: 2, historyHeads: 2 },
])('the user tower of a model that tells types of events apart, with %j', (config) => {
  const typed = typedCatalogue();

  withPython('gives the vectors of users and of unknown types', async () => {
    const root = join(folder, `typed-${config.historyEncoder ?? ''}`);
    const made = await publishSmallWorld(root, { catalogue: typed, config });
    const out = `${root}-onnx`;
    await exportArtifact(await openArtifact(root), 'onnx', out);
    const about = JSON.parse(readFileSync(join(out, 'inputs.json'), 'utf8')) as Record<string, { inputs: object[] }>;
    expect(about.user.inputs).toContainEqual(
      expect.objectContaining({ name: 'history_types', labels: ['view', 'purchase'] }),
    );
    const id = Array.from({ length: USERS }, (_, row) => row);
    const fields = fieldInputs(typed.userFields ?? [], USERS);
    const inputs = { id, ...fields, 'context.device': id.map(() => -1), history: histories(4, typed.history.items) };
    const tower = join(out, 'user-tower.onnx');
    const found = await run(tower, { ...inputs, history_types: histories(4, typed.history.types) });
    expect(largestDifference(found, made.userVectors)).toBeLessThan(1e-5);

    const newest = inputs.history.map((items) => items.filter((item) => item >= 0));
    const historyOffsets = Int32Array.from([0, ...newest.map((_, user) => newest.slice(0, user + 1).flat().length)]);
    const expected = made.model.encodeUsers({
      users: Int32Array.from(id),
      historyOffsets,
      historyItems: Int32Array.from(newest.flat()),
    });
    const untyped = await run(tower, { ...inputs, history_types: inputs.history.map((items) => items.map(() => -1)) });
    expect(largestDifference(untyped, expected)).toBeLessThan(1e-5);
    expect(largestDifference(untyped, found)).toBeGreaterThan(0.001);
  });
});
