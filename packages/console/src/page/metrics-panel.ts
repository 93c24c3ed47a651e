import type { Api } from './api.ts';
import { byId, svg } from './dom.ts';
import { FigureWindow, type LiveFigures } from './live-figures.ts';
import { formatCount, formatMs, formatRate } from './format.ts';

const EVERY_MS = 2000;

/** Rates that the line shows: two minutes. */
const POINTS = 60;

/** What the server does now, read every two seconds while the page is seen. */
export class MetricsPanel {
  readonly #window = new FigureWindow();
  readonly #rates: number[] = [];
  readonly #line = byId('rate-line', HTMLElement);

  constructor(
    private readonly api: Api,
    /** Whether the server answers this page, so that it is not asked in vain. */
    private readonly isOpen: () => boolean,
    /** Hears of the versions that processes answer from. */
    private readonly onVersions: (versions: readonly string[]) => void,
  ) {}

  start(): void {
    const look = (): void => {
      if (document.visibilityState === 'visible' && this.isOpen()) void this.#look();
    };
    look();
    setInterval(look, EVERY_MS);
  }

  async #look(): Promise<void> {
    try {
      const figures = this.#window.add(await this.api.metrics(), performance.now() / 1000);
      this.#show(figures);
      this.onVersions(figures.versions);
    } catch {
      // The next look may succeed; until then nothing is known.
      this.#set({});
    }
  }

  #show({ callsPerSecond, p50, p99, items, changedItems, inFlight }: LiveFigures): void {
    this.#set({
      rate: formatRate(callsPerSecond),
      p50: formatMs(p50 === undefined ? undefined : p50 * 1000),
      p99: formatMs(p99 === undefined ? undefined : p99 * 1000),
      items: formatCount(items),
      changes: formatCount(changedItems),
      'in-flight': formatCount(inFlight),
    });
    this.#rates.push(callsPerSecond);
    if (this.#rates.length > POINTS) this.#rates.shift();
    this.#draw();
  }

  #set(figures: Readonly<Record<string, string | undefined>>): void {
    for (const name of ['rate', 'p50', 'p99', 'items', 'changes', 'in-flight']) {
      byId(`figure-${name}`, HTMLElement).textContent = figures[name] ?? '–';
    }
  }

  #draw(): void {
    const most = Math.max(1, ...this.#rates);
    const x = (place: number): number => (place + POINTS - this.#rates.length) / (POINTS - 1);
    const points = this.#rates.map(
      (rate, place) => `${(x(place) * 200).toFixed(1)},${(38 - (rate / most) * 36).toFixed(1)}`,
    );
    const line = svg('polyline', { points: points.join(' ') });
    this.#line.replaceChildren(svg('svg', { viewBox: '0 0 200 40', preserveAspectRatio: 'none' }, line));
  }
}
