import { configSchema } from '../config';
import { listOptions } from './list-options';

const options = listOptions();

it('lists every option of the schema', () => {
  const compiled = configSchema.parse({});
  const paths = Object.entries(compiled).flatMap(([section, values]) =>
    Object.keys(values).map((key) => `${section}.${key}`),
  );
  expect(options.map((option) => option.path)).toEqual(paths);
});

it.each(['path', 'flag', 'env'] as const)('gives each option a %s of its own', (field) => {
  expect(new Set(options.map((option) => option[field])).size).toBe(options.length);
});

it.each(options)('describes $path in words and spells its flag in kebab case', ({ flag, env, description }) => {
  expect(flag).toMatch(/^[a-z]+(-[a-z]+)*$/);
  expect(env).toBe(`VECTOR_RECALL_${flag.toUpperCase().replaceAll('-', '_')}`);
  expect(description).toMatch(/^\S.{9,}[^.]$/);
});

it('reads type, range, unit and default of a number', () => {
  expect(options.find((option) => option.path === 'model.embeddingDim')).toEqual({
    path: 'model.embeddingDim',
    section: 'model',
    key: 'embeddingDim',
    flag: 'embedding-dim',
    env: 'VECTOR_RECALL_EMBEDDING_DIM',
    type: 'integer',
    default: 128,
    range: { min: 2, max: 4096, minExcluded: false, maxExcluded: false },
    unit: 'dimensions',
    description: 'width of the vectors that both towers produce',
  });
});

it('reads the bounds of a list from its entries', () => {
  expect(options.find((option) => option.path === 'model.hiddenDims')).toMatchObject({
    type: 'integers',
    default: [256, 128],
    range: { min: 2, max: 8192 },
    length: { max: 8 },
  });
});
