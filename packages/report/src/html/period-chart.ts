import type { DataProfileFigures } from '../run-summary';
import { categories, draw, point, still, values, withoutLegend } from './draw';
import type { Markup } from './html';

/** Events in equal parts of the time span; none where the log has no times. */
export function periodCharts({ overTime = [] }: DataProfileFigures): readonly Markup[] {
  if (overTime.length === 0) return [];
  return [
    draw('Events over time', {
      ...withoutLegend,
      xAxis: categories(
        overTime.map(({ from }) => from),
        'day on which the part of the log begins',
      ),
      yAxis: values(false),
      series: [
        {
          name: 'events',
          type: 'bar',
          ...still,
          barCategoryGap: '15%',
          data: overTime.map(({ events }) => point(events)),
        },
      ],
    }),
  ];
}
