import type { SearchFigures } from '../run-summary';
import { draw, legend, numbers, point, still, values } from './draw';
import type { Markup } from './html';
import { seriesColors } from './style';

/** By default ECharts lets the points of a scatter shine through. */
const opaque = { opacity: 1 };

/** Recall over latency by the breadth of searches, the chosen one marked. */
export function searchChart({ k, chosen, points }: SearchFigures): Markup {
  const label = {
    show: true,
    position: 'right' as const,
    color: 'var(--soft)',
    fontSize: 11,
    // ECharts would outline the text in a colour of its own.
    textBorderWidth: 0,
  };
  const at = (wanted: boolean) =>
    points
      .filter(({ efSearch }) => (efSearch === chosen) === wanted)
      .map(({ efSearch, recall, p50Ms }) => ({
        value: [point(p50Ms), point(recall)],
        label: { ...label, formatter: String(efSearch) },
      }));
  return draw(`Recall@${k} over latency: each point is an efSearch`, {
    legend: { ...legend, data: ['other efSearch', 'chosen efSearch'] },
    xAxis: numbers('median time of a query in ms', true),
    yAxis: values(true),
    series: [
      {
        name: 'all',
        type: 'line',
        ...still,
        showSymbol: false,
        lineStyle: { width: 1, color: 'var(--soft)' },
        data: points.map(({ recall, p50Ms }) => [point(p50Ms), point(recall)]),
      },
      {
        name: 'other efSearch',
        type: 'scatter',
        ...still,
        labelLayout: { hideOverlap: true },
        symbol: 'circle',
        symbolSize: 8,
        itemStyle: { ...opaque, color: seriesColors[0] },
        data: at(false),
      },
      {
        name: 'chosen efSearch',
        type: 'scatter',
        ...still,
        labelLayout: { hideOverlap: true },
        symbol: 'diamond',
        symbolSize: 16,
        itemStyle: { ...opaque, color: seriesColors[1] },
        data: at(true),
      },
    ],
  });
}
