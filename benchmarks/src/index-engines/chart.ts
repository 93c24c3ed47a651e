import type { Spec } from 'vega';
import type { Point } from './measurement';

export interface Curve {
  readonly engine: string;
  readonly points: readonly Point[];
}

/** What finds less is of no use, and would push together what does. */
const LEAST_RECALL = 0.8;

/**
 * @param target the recall at which engines are compared, marked by a line
 * @returns an SVG of queries a second on all threads over recall, a line for each engine; up and to the right is better
 */
export async function drawCurves(title: string, curves: readonly Curve[], target: number): Promise<string> {
  // Vega is a module of ES alone.
  const { parse, View } = await import('vega');
  const view = new View(parse(specifyCurves(title, curves, target)), { renderer: 'none' });
  try {
    return await view.toSVG();
  } finally {
    view.finalize();
  }
}

/** @returns what {@link drawCurves} draws, in the language of Vega */
export function specifyCurves(title: string, curves: readonly Curve[], target: number): Spec {
  const values = curves.flatMap(({ engine, points }) =>
    points.map(({ recall, together }) => ({ engine, recall, together })),
  );
  const place = {
    x: { scale: 'recall', field: 'recall' },
    y: { scale: 'rate', field: 'together' },
  } as const;
  return {
    width: 560,
    height: 320,
    padding: 8,
    background: 'white',
    title: { text: title, anchor: 'start', frame: 'group', offset: 12 },
    data: [
      { name: 'points', values },
      {
        name: 'shown',
        source: 'points',
        transform: [{ type: 'filter', expr: `datum.recall >= ${LEAST_RECALL}` }],
      },
    ],
    scales: [
      { name: 'recall', type: 'linear', range: 'width', zero: false, domain: [LEAST_RECALL, 1] },
      { name: 'rate', type: 'log', range: 'height', nice: true, domain: { data: 'shown', field: 'together' } },
      { name: 'colour', type: 'ordinal', range: 'category', domain: curves.map(({ engine }) => engine) },
    ],
    axes: [
      { orient: 'bottom', scale: 'recall', title: 'recall against exact search', grid: true, format: '.2f' },
      {
        orient: 'left',
        scale: 'rate',
        title: 'queries a second, all threads',
        grid: true,
        format: ',d',
        values: [1, 2, 5].flatMap((step) => [100, 1000, 10_000, 100_000].map((power) => step * power)),
      },
    ],
    legends: [{ stroke: 'colour', symbolType: 'stroke', symbolStrokeWidth: 3 }],
    marks: [
      {
        type: 'rule',
        encode: {
          enter: {
            x: { scale: 'recall', value: target },
            y: { value: 0 },
            y2: { field: { group: 'height' } },
            stroke: { value: '#888' },
            strokeDash: { value: [4, 4] },
          },
        },
      },
      {
        type: 'group',
        clip: true,
        encode: { enter: { width: { field: { group: 'width' } }, height: { field: { group: 'height' } } } },
        from: { facet: { name: 'curve', data: 'points', groupby: 'engine' } },
        marks: [
          {
            type: 'line',
            from: { data: 'curve' },
            encode: {
              enter: { ...place, stroke: { scale: 'colour', field: 'engine' }, strokeWidth: { value: 2 } },
            },
          },
          {
            type: 'symbol',
            from: { data: 'curve' },
            encode: { enter: { ...place, fill: { scale: 'colour', field: 'engine' }, size: { value: 36 } } },
          },
        ],
      },
    ],
  };
}
