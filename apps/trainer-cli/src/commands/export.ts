import { compileConfig } from '@vector-recall/core-config';
import { z } from 'zod';
import type { ReportSection } from '@vector-recall/report';
import type { CommandDefinition } from './command';
import { parseChoice } from './flag-values';

const ownFlags = z.object({ version: z.string().min(1).optional(), format: z.string(), out: z.string().min(1) });

export const exportCommand: CommandDefinition = {
  name: 'export',
  summary: 'write vectors, weights, towers or index of a published artifact in a format of other tools',
  accepts: ({ key }) => key === 'output',
  usesStoredConfig: false,
  declare: (command) => {
    command
      .argument('[version]', 'a version of the store (default: the current one)')
      .requiredOption(
        '--format <name>',
        'npy, parquet or arrow: vectors with ids; safetensors: weights; onnx: both towers; hnswlib: index; tar: all',
      )
      .requiredOption('--out <dir>', 'a folder that is new or empty');
  },
  run: async ({ flags, file, env, own }) => {
    const { version, format, out } = ownFlags.parse(own);
    const { output } = compileConfig({ file, env, flags }).runtime;
    const { exportArtifact, exportFormats } = await import('@vector-recall/artifact-export');
    const wanted = parseChoice('--format', format, exportFormats);
    const { ModelStore } = await import('@vector-recall/model-store');
    const artifact = await new ModelStore(output).open(version === 'current' ? undefined : version);
    const { formatBytes } = await import('@vector-recall/report');
    const report = await exportArtifact(artifact, wanted, out);
    const section: ReportSection = {
      id: 'export',
      title: 'Exported',
      facts: [
        ['version', report.version],
        ['format', report.format],
        ['folder', report.folder],
      ],
      tables: [
        {
          caption: '',
          columns: [
            { title: 'file', align: 'left' },
            { title: 'size', align: 'right' },
          ],
          rows: report.files.map(({ name, bytes }) => [name, formatBytes(bytes)]),
        },
      ],
      notes: [],
    };
    return { json: report, sections: [section] };
  },
};
