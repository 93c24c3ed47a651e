import type { CommandDefinition } from './command';
import { declareArtifactFlag, openStoredCall } from './stored-artifact';

const stopsAtOnce = 'Stopping; the published artifact stays as it is. Ctrl-C again stops at once.';

export const evaluateCommand: CommandDefinition = {
  name: 'evaluate',
  summary: 'rank the held-out items of a published artifact again',
  accepts: ({ section, key }) =>
    section === 'data' || section === 'evaluation' || key === 'backend' || key === 'output',
  usesStoredConfig: true,
  interruptNotice: stopsAtOnce,
  declare: declareArtifactFlag,
  run: async (invocation) => {
    const { config, version } = await openStoredCall(invocation);
    const { checkSource } = await import('@vector-recall/datasets');
    await checkSource(config.data);
    const { evaluateArtifact } = await import('@vector-recall/trainer');
    const { coldSections, evaluationSection } = await import('@vector-recall/report');
    const { progress, signal } = invocation;
    const report = await evaluateArtifact(config, { observer: progress, signal, version });
    return { json: report, sections: [evaluationSection(report.evaluation), ...coldSections(report.evaluation)] };
  },
};

export const buildIndexCommand: CommandDefinition = {
  name: 'build-index',
  summary: 'build the index of a published artifact again, as a new version',
  accepts: ({ section, key }) => section === 'hnsw' || key === 'backend' || key === 'output',
  usesStoredConfig: true,
  interruptNotice: stopsAtOnce,
  declare: declareArtifactFlag,
  run: async (invocation) => {
    const { config, version } = await openStoredCall(invocation);
    const { rebuildIndex } = await import('@vector-recall/trainer');
    const { indexSection } = await import('@vector-recall/report');
    const { progress, signal } = invocation;
    const report = await rebuildIndex(config, { observer: progress, signal, version });
    return { json: report, sections: [indexSection(report.index)] };
  },
};

export const benchmarkCommand: CommandDefinition = {
  name: 'benchmark',
  summary: 'measure latency and throughput of a published artifact',
  accepts: ({ section, key }) => section === 'runtime' && key !== 'skipBenchmark' && key !== 'promote',
  usesStoredConfig: true,
  interruptNotice: stopsAtOnce,
  declare: declareArtifactFlag,
  run: async (invocation) => {
    const { config, version } = await openStoredCall(invocation);
    const { benchmarkArtifact } = await import('@vector-recall/trainer');
    const { speedSection } = await import('@vector-recall/report');
    const { progress, signal } = invocation;
    const report = await benchmarkArtifact(config, { observer: progress, signal, version });
    return { json: report, sections: [speedSection(report.benchmark)] };
  },
};
