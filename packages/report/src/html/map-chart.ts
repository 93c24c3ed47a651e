import { printable } from '../format';
import type { ItemMapFigures } from '../run-summary';
import { draw, point, still } from './draw';
import { html, type Markup } from './html';
import { seriesColors } from './style';

/** Shapes tell categories apart without colour; ECharts draws each by its name, the page by the sign. */
const shapes = [
  ['circle', '●'],
  ['rect', '■'],
  ['triangle', '▲'],
  ['diamond', '◆'],
] as const;

const OTHERS = 'others';

/** Without the grey one, which is that of the others. */
const colors = seriesColors.filter((_, n) => n !== 4);

/** Item vectors in two dimensions, coloured by the most frequent categories. */
export function mapChart({ points }: ItemMapFigures): Markup {
  const groups = groupsOf(points);
  const legend = html`<ul class="legend">
    ${groups.map(
      ({ name, color, sign }) => html`<li><span style="color: ${color}">${sign}</span> ${printable(name)}</li>`,
    )}
  </ul>`;
  const axis = { type: 'value', show: false, min: -1, max: 1 } as const;
  return draw(
    `The ${points.length} items with the most events, near each other where their vectors are (t-SNE)`,
    {
      legend: { show: false },
      grid: { left: 6, right: 6, top: 6, bottom: 6 },
      xAxis: axis,
      yAxis: axis,
      series: groups.map(({ name, color, symbol, points: ofGroup }) => ({
        name,
        type: 'scatter',
        ...still,
        symbol,
        symbolSize: 6,
        itemStyle: { color, opacity: 0.85 },
        data: ofGroup.map(({ x, y }) => [point(x), point(y)]),
      })),
    },
    legend,
  );
}

interface Group {
  readonly name: string;
  readonly color: string;
  readonly symbol: string;
  readonly sign: string;
  readonly points: ItemMapFigures['points'];
}

/** The rest comes first, so that it is drawn below the others. */
function groupsOf(points: ItemMapFigures['points']): readonly Group[] {
  const names = new Set(points.flatMap(({ category }) => (category === undefined ? [] : [category])));
  const named = [...names]
    .map((name) => [name, points.filter(({ category }) => category === name)] as const)
    .sort(([, a], [, b]) => b.length - a.length);
  const shown = named.slice(0, colors.length);
  const rest = points.filter(({ category }) => !shown.some(([name]) => name === (category ?? '')));
  const groups = shown.map(([name, ofCategory], n): Group => {
    const [symbol, sign] = shapes[n % shapes.length];
    return { name, color: colors[n], symbol, sign, points: ofCategory };
  });
  if (rest.length === 0) return groups;
  const name = shown.length === 0 ? 'items' : OTHERS;
  return [{ name, color: 'var(--soft)', symbol: 'circle', sign: '●', points: rest }, ...groups];
}
