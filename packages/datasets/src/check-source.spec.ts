import { join } from 'node:path';
import { checkSource } from './check-source';
import { makeFolder, removeFolders } from './testing/folders';
import { failureOf } from './testing/inspect';

afterEach(removeFolders);

it('accepts the synthetic world and folders that are there', async () => {
  const folder = makeFolder({ 'dataset.yaml': 'interactions: { file: a.csv, user: u, item: i }' });
  for (const source of ['synthetic', `movielens:${folder}`, `recbole:${folder}`, `files:${folder}`]) {
    await expect(checkSource({ source })).resolves.toBeUndefined();
  }
});

it.each(['movielens', 'recbole', 'files'])('names the folder of %s that does not exist', async (kind) => {
  const folder = join(makeFolder({}), 'absent');
  expect(await failureOf(checkSource({ source: `${kind}:${folder}` }))).toMatchObject({
    code: 'DATASET_FILE_MISSING',
    message: `${folder}: this folder does not exist; check the path.`,
  });
});

it('asks for the folder where a file is given', async () => {
  const file = join(makeFolder({ 'log.csv': 'u,i\n' }), 'log.csv');
  expect(await failureOf(checkSource({ source: `files:${file}` }))).toMatchObject({
    message: `${file}: this is a file; give the folder that holds it.`,
  });
});

it('refuses a description that is far too large by its size', async () => {
  const keys = Array.from({ length: 32_000 }, (_, i) => `k${i}: 1\n`).join('');
  const folder = makeFolder({ 'dataset.yaml': keys });
  expect(await failureOf(checkSource({ source: `files:${folder}` }))).toMatchObject({
    code: 'DATASET_DESCRIPTION_INVALID',
    message: `${join(folder, 'dataset.yaml')}: this file is larger than 128 KiB; it describes tables and must not hold data.`,
  });
});

it('tells what is wrong with a description', async () => {
  const folder = makeFolder({ 'dataset.yaml': 'interactions: { file: a.csv, user: u }' });
  expect(await failureOf(checkSource({ source: `files:${folder}` }))).toMatchObject({
    code: 'DATASET_DESCRIPTION_INVALID',
  });
});
