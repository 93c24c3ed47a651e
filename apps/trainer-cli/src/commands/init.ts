import { mkdir, writeFile } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import { UsageError } from '@vector-recall/command-line';
import { usingFile } from '@vector-recall/core-config/files';
import type { NamedColumns, StarterSource } from '@vector-recall/datasets';
import { z } from 'zod';
import type { CommandDefinition } from './command';
import { starterConfig, starterReadme } from './starter-texts';

const ownFlags = z.object({
  folder: z.string().min(1).optional(),
  data: z.string().min(1).optional(),
  user: z.string().min(1).optional(),
  item: z.string().min(1).optional(),
  time: z.string().min(1).optional(),
});

/** A file of a starter project. */
interface StarterFile {
  readonly path: string;
  readonly text: string;
}

/** The log of a project; a synthetic one where nobody names a folder and the project's own holds no log. */
async function sourceOf(folder: string, data: string | undefined, columns: NamedColumns): Promise<StarterSource> {
  const { DatasetError, lookAtFolder } = await import('@vector-recall/datasets');
  try {
    return await lookAtFolder(data ?? folder, columns);
  } catch (error) {
    const hasNoLog = error instanceof DatasetError && error.code === 'DATASET_FILE_MISSING';
    if (data === undefined && hasNoLog) return { source: 'synthetic', user: '7' };
    throw error;
  }
}

/** @throws UsageError where one of them is there already, FileError */
async function writeNew(files: readonly StarterFile[]): Promise<void> {
  const there = files.find(({ path }) => existsSync(path));
  if (there !== undefined) {
    throw new UsageError(`${there.path} exists already; move it away, or give another folder.`);
  }
  for (const { path, text } of files) {
    await usingFile(path, 'written', () => writeFile(path, text, { flag: 'wx' }));
  }
}

export const initCommand: CommandDefinition = {
  name: 'init',
  summary: 'write a starter project: a config file, a description of your data, and a README with the next commands',
  accepts: () => false,
  usesStoredConfig: false,
  declare: (command) => {
    command
      .argument('[folder]', 'where to write it (default: the current folder)')
      .option('--data <dir>', 'the folder that holds your log (default: the project folder, else a synthetic world)')
      .option('--user <column>', 'the column that holds users, where its name does not tell')
      .option('--item <column>', 'the column that holds items')
      .option('--time <column>', 'the column that holds times');
  },
  run: async ({ own }) => {
    const { folder = '.', data, user, item, time } = ownFlags.parse(own);
    const found = await sourceOf(folder, data, { user, item, time });
    const [kind = ''] = found.source.split(':', 1);
    // Commands run in the project's folder, so the config names the data from there.
    const dataFolder = resolve(data ?? folder);
    const source = kind === 'synthetic' ? kind : `${kind}:${relative(resolve(folder), dataFolder) || '.'}`;
    const files: StarterFile[] = [
      { path: join(folder, 'run.yaml'), text: starterConfig(source) },
      { path: join(folder, 'README.md'), text: starterReadme(source, found.user) },
    ];
    if (found.description !== undefined) {
      files.unshift({ path: join(data ?? folder, 'dataset.yaml'), text: found.description });
    }
    await usingFile(folder, 'written', () => mkdir(folder, { recursive: true }));
    await writeNew(files);
    const written = files.map(({ path }) => path);
    const enter = folder === '.' ? '' : `cd ${folder} && `;
    return {
      json: { source, files: written },
      sections: [
        {
          id: 'init',
          title: 'Starter project',
          facts: [
            ['data', source],
            ['written', written.join(', ')],
          ],
          tables: [],
          notes: [
            ...(found.description === undefined
              ? []
              : ['Check dataset.yaml: it was guessed from names and first rows.']),
            `Next: ${enter}npx vector-recall train --config run.yaml`,
          ],
        },
      ],
    };
  },
};
