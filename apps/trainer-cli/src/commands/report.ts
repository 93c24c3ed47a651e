import { UsageError } from '@vector-recall/command-line';
import { compileConfig } from '@vector-recall/core-config';
import { writeAside } from '@vector-recall/core-config/files';
import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import type { CommandDefinition } from './command';

const ownFlags = z.object({
  version: z.string().min(1).optional(),
  compare: z.string().min(1).optional(),
  out: z.string().min(1).optional(),
});

export const reportCommand: CommandDefinition = {
  name: 'report',
  summary: 'put two versions side by side, or copy the report of one',
  accepts: ({ key }) => key === 'output',
  usesStoredConfig: false,
  declare: (command) => {
    command
      .argument('[version]', 'a version of the store (default: the current one)')
      .option('--compare <version>', 'the version to set beside it')
      .option('--out <file>', 'an HTML file to write');
  },
  run: async ({ flags, file, env, own }) => {
    const { version, compare, out } = ownFlags.parse(own);
    const { output } = compileConfig({ file, env, flags }).runtime;
    const { artifactFiles, ModelStore } = await import('@vector-recall/model-store');
    const store = new ModelStore(output);
    const open = (name: string | undefined) => store.open(name === 'current' ? undefined : name);
    const artifact = await open(version);
    if (compare === undefined) {
      if (out === undefined) throw new UsageError('report needs --compare VERSION, --out FILE or both.');
      const page = await readFile(artifact.path(artifactFiles.report));
      await writeAside(out, (handle) => handle.writeFile(page));
      const facts = [
        ['version', artifact.version],
        ['written to', out],
      ] as const;
      const section = { id: 'report', title: 'Report', facts, tables: [], notes: [] };
      return { json: { version: artifact.version, out }, sections: [section] };
    }
    const other = await open(compare);
    const { comparisonSections, renderComparison } = await import('@vector-recall/report');
    const [a, b] = [artifact.manifest, other.manifest];
    if (out !== undefined) await writeAside(out, (handle) => handle.writeFile(renderComparison(a, b)));
    const versions = [a, b].map(({ version: name, createdAt, counts, metrics, config, protocol }) => ({
      version: name,
      createdAt,
      counts,
      metrics,
      config,
      protocol,
    }));
    return { json: { versions, out }, sections: comparisonSections(a, b) };
  },
};
