import { sampleMetrics, sampleRun } from '../testing/sample-run';
import { renderReport } from './render-report';

it('says that the version does not serve', () => {
  const promotion = { policy: 'auto', promoted: false, reason: 'it is worse.' };
  expect(renderReport({ ...sampleRun, promotion })).toContain('This version was not promoted because');
});

describe('as a page', () => {
  const page = renderReport(sampleRun);

  it('loads nothing from outside', () => {
    const withoutNamespaces = page.replaceAll(/xmlns(:\w+)?="[^"]*"/g, '');
    // `url(#…)` points into the page itself: ECharts clips its lines with it.
    expect(withoutNamespaces).not.toMatch(
      /https?:|<[^>]*\s(src|href|srcset)=|@import|url\((?!#)|<(script|link|iframe)/i,
    );
    expect(page).toContain(`content="default-src 'none'; style-src 'unsafe-inline'"`);
  });

  it('escapes everything that comes out of the data', () => {
    expect(page).toContain('films &lt;b&gt;&amp;');
    expect(page).toContain('&lt;img src=x onerror=alert(1)&gt;');
    expect(page).toContain('b&quot;4');
    expect(page).not.toMatch(/<img|<b>&|<7>/);
  });

  it('draws a chart for loss, validation, learning rate, both metrics and batches, each with a text for screen readers', () => {
    expect(page.match(/<figure role="img" aria-label="[^"]+">/g)).toHaveLength(6);
    expect(page.match(/<svg aria-hidden="true"/g)).toHaveLength(6);
    expect(page).not.toMatch(/NaN|undefined|\[object/);
  });

  describe('of a run with all its facts', () => {
    const recommended = (userId: number) => ({ userId, history: [{ id: 1 }], items: [{ id: 9, score: 0.5 }] });
    const full = renderReport({
      ...sampleRun,
      dataset: {
        ...sampleRun.dataset,
        profile: {
          eventsPerUser: { median: 70, p90: 400, max: 2698 },
          eventsPerItem: { median: 3, p90: 27, max: 329 },
          itemsWithoutEvents: 18,
          topItemShare: 0.16,
          overTime: [
            { from: '1996-03-29', events: 4 },
            { from: '2007-06-27', events: 9 },
          ],
        },
      },
      training: {
        ...sampleRun.training,
        curve: [1, 2, 3].map((step) => ({ step, loss: 6, learningRate: 0.001, gradientNorm: step })),
      },
      searches: {
        k: 500,
        chosen: 208,
        points: [104, 208, 416].map((efSearch) => ({ efSearch, recall: 1 - 20 / efSearch, p50Ms: efSearch / 1000 })),
      },
      demos: [recommended(11), recommended(12)],
      neighbours: [],
      itemMap: {
        points: [
          { x: 0, y: 1, category: 'A&B' },
          { x: 1, y: 0 },
        ],
      },
      reproduction: {
        command: `npx vector-recall train --data 'files:<x>'`,
        seed: 7,
        dataSha256: 'ab12',
        versions: { 'Node.js': '20.20.2' },
        config: { training: { learningRate: 0.004, preset: 'linear' }, model: { hiddenDims: [256, 128] } },
      },
    });

    it('draws events over time, learning rate and gradients by step, recall over latency and the map', () => {
      const captions = Array.from(full.matchAll(/<figure role="img" aria-label="([^"]+)">/g), ([, caption]) => caption);
      expect(captions).toEqual([
        'Events over time',
        'Loss by epoch',
        'Validation HitRate@100 by epoch',
        'Learning rate by step',
        'Gradient norm by step, before clipping',
        'HitRate@K: users whose held-out item is among the first K',
        'NDCG@K: the same, counting how high it stands',
        'Recall@500 over latency: each point is an efSearch',
        'Users per second by batch size',
        'The 2 items with the most events, near each other where their vectors are (t-SNE)',
      ]);
      expect(full).not.toMatch(/NaN|undefined|\[object/);
    });

    it('shows the intervals of the model and of the yardsticks', () => {
      const withInterval = (low: number) => ({
        ...sampleMetrics(low),
        interval: { 'hitRate@10': [low, low + 0.02] } as const,
      });
      const evaluation = { ...sampleRun.evaluation, model: withInterval(0.08), popularity: withInterval(0.02) };
      const table =
        /<caption>\s*95 % intervals[\s\S]*?<\/table>/.exec(renderReport({ ...sampleRun, evaluation }))?.[0] ?? '';
      const cells = Array.from(table.matchAll(/<t[dh](?: [^>]*)?>([^<]*)/g), ([, cell]) => cell);
      expect(cells).toEqual(['metric', 'model', 'popularity', 'HitRate @10', '0.0800 to 0.1000', '0.0200 to 0.0400']);
    });

    it('names the categories of the map beside their colours', () => {
      const legend = /<ul class="legend">[\s\S]*?<\/ul>/.exec(full)?.[0].replace(/\s+/g, ' ');
      expect(legend).toContain('<span style="color: var(--series-1)">●</span> A&amp;B');
      expect(legend).toContain('<span style="color: var(--soft)">●</span> others');
    });

    it('shows the histories of several users beside their recommendations', () => {
      const users = Array.from(full.matchAll(/<h3>(User [^<]+)<\/h3>/g), ([, user]) => user);
      expect(users).toEqual(['User &lt;7&gt;', 'User 11', 'User 12']);
    });

    it('tells what it takes to reach the same result again', () => {
      const section = full.slice(full.indexOf('<h2 id="reproduction">'));
      expect(section).toContain('npx vector-recall train --data &#39;files:&lt;x&gt;&#39;');
      for (const text of ['ab12', '20.20.2', '0.004', '[256,128]']) expect(section).toContain(`<dd>${text}</dd>`);
    });

    it('colours what it adds with the colours of the page', () => {
      const drawings = full.match(/<svg[\s\S]*?<\/svg>/g)?.join('') ?? '';
      const visible = drawings.replaceAll(/<defs[\s\S]*?<\/defs>|<[^>]*fill-opacity="0"[^>]*>/g, '');
      expect(visible.match(/(fill|stroke)="(?!var\(|none)[^"]*"/g) ?? []).toEqual([]);
    });
  });

  it('draws the slices that have users', () => {
    const slice = (label: string, users: number, rate: number) => ({
      label,
      users,
      hitRates: { model: { 'hitRate@100': rate }, itemKnn: { 'hitRate@100': rate / 2 } },
    });
    const historyLength = [slice('1 to 5', 90, 0.2), slice('6 or more', 0, 0)];
    const slices = { historyLength, itemPopularity: [slice('0', 0, 0)] };
    const withSlices = renderReport({ ...sampleRun, evaluation: { ...sampleRun.evaluation, slices } });
    const drawing = /<figure role="img" aria-label="HitRate@100 by events known of a user">[\s\S]*?<\/figure>/.exec(
      withSlices,
    );
    expect(drawing?.[0]).toContain('1 to 5');
    expect(drawing?.[0]).toContain('item-kNN');
    expect(drawing?.[0]).not.toContain('6 or more');
    expect(withSlices).not.toContain('aria-label="HitRate@100 by earlier events');
  });

  it('keeps dark colours for screens, so that paper stays white', () => {
    expect(page.match(/@media[^{]*dark/g)).toEqual(['@media screen and (prefers-color-scheme: dark']);
  });

  it('colours the charts with the colours of the page, so that dark and light both fit', () => {
    const drawings = page.match(/<svg[\s\S]*?<\/svg>/g)?.join('') ?? '';
    expect(drawings).toMatch(/var\(--series-1\)/);
    expect(drawings).toMatch(/var\(--series-3\)/);
    // Clip paths and invisible areas keep the colours of the library.
    const visible = drawings.replaceAll(/<defs[\s\S]*?<\/defs>|<[^>]*fill-opacity="0"[^>]*>/g, '');
    expect(visible.match(/(fill|stroke)="(?!var\(|none)[^"]*"/g) ?? []).toEqual([]);
  });

  it('closes what it opens', () => {
    for (const tag of ['section', 'table', 'figure', 'svg', 'dl', 'tr', 'td', 'main']) {
      const opened = page.match(new RegExp(`<${tag}[ >]`, 'g')) ?? [];
      const closed = page.match(new RegExp(`</${tag}>`, 'g')) ?? [];
      expect([tag, opened.length]).toEqual([tag, closed.length]);
    }
  });

  it('stands a loss that is not finite', () => {
    const epochs = sampleRun.training.epochs.map((epoch) => ({ ...epoch, validationLoss: Number.NaN }));
    expect(renderReport({ ...sampleRun, training: { ...sampleRun.training, epochs } })).not.toMatch(/NaN/);
  });
});
