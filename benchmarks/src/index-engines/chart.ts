import type { Spec } from 'vega';
import type { Point } from './measurement';

export interface Curve {
  readonly engine: string;
  readonly points: readonly Point[];
}

/** @returns an SVG of queries a second on all threads over recall, a line for each engine; up and to the right is better */
export async function drawCurves(title: string, curves: readonly Curve[]): Promise<string> {
  // Vega is a module of ES alone.
  const { parse, View } = await import('vega');
  const view = new View(parse(specifyCurves(title, curves)), { renderer: 'none' });
  try {
    return await view.toSVG();
  } finally {
    view.finalize();
  }
}

/** @returns what {@link drawCurves} draws, in the language of Vega */
export function specifyCurves(title: string, curves: readonly Curve[]): Spec {
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
    title,
    data: [{ name: 'points', values }],
    scales: [
      {
        name: 'recall',
        type: 'linear',
        range: 'width',
        zero: false,
        nice: true,
        domain: { data: 'points', field: 'recall' },
      },
      { name: 'rate', type: 'log', range: 'height', nice: true, domain: { data: 'points', field: 'together' } },
      { name: 'colour', type: 'ordinal', range: 'category', domain: curves.map(({ engine }) => engine) },
    ],
    axes: [
      { orient: 'bottom', scale: 'recall', title: 'recall against exact search', grid: true },
      { orient: 'left', scale: 'rate', title: 'queries a second, all threads', grid: true, format: ',d' },
    ],
    legends: [{ stroke: 'colour', symbolType: 'stroke' }],
    marks: [
      {
        type: 'group',
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
