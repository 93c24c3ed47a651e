import { init, type EChartsOption } from 'echarts';
import { html, Markup } from './html';
import { seriesColors } from './style';

/** Coordinates of the drawing, which the page scales to the column: text of 12 is still read on a phone 390 px wide. */
const width = 400;
const height = 270;

const axisLine = { lineStyle: { color: 'var(--line)' } };
const axisTick = { show: false };
const axisText = { color: 'var(--soft)', fontSize: 12 };

export const legend = {
  top: 0,
  left: 0,
  icon: 'roundRect',
  selectedMode: false,
  itemWidth: 14,
  // Without a document text widths are estimates: room for the error.
  itemGap: 28,
  textStyle: { color: 'var(--ink)', fontSize: 12 },
} as const;

/** Of a drawing of one series, which needs no legend. */
export const withoutLegend = {
  legend: { show: false },
  grid: { left: 8, right: 16, top: 12, bottom: 28, containLabel: true },
};

/** A drawing doesn't answer the mouse; without this ECharts writes hover styles with colours of its own. */
export const still = { silent: true, emphasis: { disabled: true } } as const;

/**
 * Draws without a document: the string renderer of ECharts needs none.
 * @param below what stands under the drawing, such as a legend that wraps as text does
 */
export function draw(caption: string, option: EChartsOption, below: Markup = html``): Markup {
  const chart = init(null, null, { renderer: 'svg', ssr: true, width, height });
  try {
    chart.setOption({
      animation: false,
      backgroundColor: 'transparent',
      color: seriesColors,
      textStyle: { fontFamily: 'system-ui, sans-serif' },
      grid: { left: 8, right: 16, top: 40, bottom: 28, containLabel: true },
      legend,
      ...option,
    });
    const svg = chart.renderToSVGString({ useViewBox: true });
    return html`<figure role="img" aria-label="${caption}">
      <figcaption aria-hidden="true">${caption}</figcaption>
      ${new Markup(svg.replace('<svg ', '<svg aria-hidden="true" focusable="false" '))} ${below}
    </figure>`;
  } finally {
    chart.dispose();
  }
}

export function categories(names: readonly string[], name: string): EChartsOption['xAxis'] {
  return {
    type: 'category',
    data: [...names],
    name,
    nameLocation: 'middle',
    nameGap: 28,
    nameTextStyle: axisText,
    axisLine,
    axisTick,
    axisLabel: axisText,
  };
}

export function values(scale: boolean): EChartsOption['yAxis'] {
  return { type: 'value', scale, axisLine: { show: false }, axisTick, axisLabel: axisText, splitLine: axisLine };
}

/** An axis of numbers with its name below it. */
export function numbers(name: string, scale = false): EChartsOption['xAxis'] {
  return {
    type: 'value',
    scale,
    name,
    nameLocation: 'middle',
    nameGap: 28,
    nameTextStyle: axisText,
    axisLine,
    axisTick,
    axisLabel: { ...axisText, hideOverlap: true },
    splitLine: { show: false },
  };
}

/** ECharts draws a gap for `-`; a figure that isn't finite has no place on an axis. */
export function point(value: number | undefined): number | '-' {
  return value === undefined || !Number.isFinite(value) ? '-' : value;
}
