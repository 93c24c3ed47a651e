import type { ReportSection } from '@vector-recall/report';
import type { Findings } from './findings';

function backendText({ backend }: Findings): string {
  if (!backend.available) return `not available: ${backend.problem}`;
  return backend.tensorflowVersion === undefined
    ? backend.name
    : `${backend.name}, TensorFlow ${backend.tensorflowVersion}`;
}

function indexText({ index }: Findings): string {
  const { engine, version, instructions, fallbackReason, works, problem = '' } = index;
  const name = engine === 'native' ? `native, ${instructions ?? 'unknown instructions'}` : `${engine} ${version}`;
  const why = fallbackReason === undefined ? '' : ` (${fallbackReason})`;
  return `${name}${why}${works ? '' : `, broken: ${problem}`}`;
}

/** Findings as sections, for people. */
export async function doctorSections(findings: Findings): Promise<readonly ReportSection[]> {
  const { formatBytes } = await import('@vector-recall/report');
  const { node, processor, memory, native, store, backend } = findings;
  return [
    {
      id: 'machine',
      title: 'Machine',
      facts: [
        ['Node', `${node.version} on ${node.platform} ${node.architecture}`],
        ['processor', `${processor.model}, ${processor.threads} threads`],
        ['extensions', processor.features.length === 0 ? 'unknown' : processor.features.join(', ')],
        ['memory', `${formatBytes(memory.totalBytes)}, ${formatBytes(memory.freeBytes)} free`],
      ],
      tables: [],
      notes: [],
    },
    {
      id: 'runtime',
      title: 'Runtime',
      facts: [
        ['backend', backendText(findings)],
        ['native TensorFlow', native.available ? native.tensorflowVersion : native.problem],
        ['index engine', indexText(findings)],
      ],
      tables: [],
      notes: backend.available && backend.notice !== undefined ? [backend.notice] : [],
    },
    {
      id: 'store',
      title: 'Store',
      facts: [
        ['folder', store.root],
        ['current', store.current ?? 'none; vector-recall train makes one'],
        ['versions', String(store.versions.length)],
        ...(store.problem === undefined ? [] : [['problem', store.problem] as const]),
        ...store.versions.flatMap(({ version, problem }) =>
          problem === undefined ? [] : [[version, problem] as const],
        ),
      ],
      tables: [],
      notes: [],
    },
  ];
}
