import { renderReport } from './html/render-report';
import type { RunSummary } from './run-summary';
import { runSections } from './sections/run-sections';
import { renderTerminal } from './terminal/render-terminal';

function metrics(scale: number): Record<string, number> {
  const at = [10, 20, 100, 500].map((k, index) => [k, scale * (index + 1)] as const);
  return Object.fromEntries([
    ...at.map(([k, value]) => [`hitRate@${k}`, value] as const),
    ...at.map(([k, value]) => [`recall@${k}`, value] as const),
    ...at.map(([k, value]) => [`ndcg@${k}`, value / 2] as const),
    ['mrr', scale / 3],
    ['coverage', 0.25],
  ]);
}

const latency = { meanMs: 0.91, p50Ms: 0.84, p95Ms: 1.4, p99Ms: 12.25, qps: 1098 };

const run: RunSummary = {
  artifact: { path: 'artifacts/versions/v1', version: 'v1' },
  dataset: {
    name: 'films <b>&',
    users: 610,
    items: 9724,
    interactions: 100_836,
    span: { first: '1996-03-29', last: '2018-09-24' },
    notes: ['Left out 3 rows <script>alert(1)</script>.'],
  },
  model: { parameters: 1_234_567, tableParameters: 1_000_000 },
  training: {
    backend: 'native',
    epochs: [1, 2, 3].map((epoch) => ({
      epoch,
      trainLoss: 6 / epoch,
      validationLoss: 6.5 / epoch,
      validationHitRate100: 0.1 * epoch,
      learningRate: 0.001 / epoch,
      seconds: 20 + epoch,
      examplesPerSecond: 9000,
    })),
    seconds: 63,
    bestEpoch: 2,
    stoppedEarly: true,
  },
  evaluation: {
    model: metrics(0.09),
    popularity: metrics(0.03),
    random: metrics(0.001),
    users: 600,
    unreachable: 4,
  },
  index: {
    engine: 'hnswlib',
    items: 9724,
    dim: 128,
    m: 16,
    efConstruction: 200,
    efSearch: 100,
    buildSeconds: 3.21,
    bytes: 6_500_000,
    recall: { 'recall@10': 0.999, 'recall@100': 0.98 },
  },
  benchmark: {
    single: latency,
    batches: [
      { batchSize: 16, usersPerSecond: 1100 },
      { batchSize: 128, usersPerSecond: 1300 },
    ],
  },
  demo: {
    userId: '<7>',
    history: [{ id: 1, name: 'Toy Story (1995)' }, { id: 2 }],
    items: [
      {
        id: 3,
        name: '<img src=x onerror=alert(1)>',
        category: 'Comedy',
        tags: ['warm', 'Comedy', 'funny'],
        score: 0.9876,
      },
      { id: 'b"4', name: 'a\u001b[31m name that goes on and on, past every column a table should have', score: 0.5 },
    ],
  },
};

it('says whether the version serves, and why not', () => {
  const reason = "its validation HitRate@100 of 0.1000 is below popularity's 0.2000";
  const promotion = { policy: 'auto', promoted: false, reason };
  const text = renderTerminal(runSections({ ...run, promotion }), { color: false });
  expect(text).toMatch(/^Promotion$/m);
  expect(text).toContain(`This version was not promoted because ${reason}.`);
  expect(renderReport({ ...run, promotion })).toContain('This version was not promoted because');
});

describe('in a terminal', () => {
  const text = renderTerminal(runSections(run), { color: false });

  it('shows the whole run', () => {
    expect(text).toMatchInlineSnapshot(`
     "Data

       source        films <b>&
       users         610
       items         9,724
       interactions  100,836
       time span     1996-03-29 to 2018-09-24

       Left out 3 rows <script>alert(1)</script>.

     Training

       parameters  1,234,567, of which 1,000,000 in embedding tables
       backend     native
       time        63.0 s

       epoch  train loss  validation loss  HitRate@100  learning rate  examples/s    time
           1      6.0000           6.5000       0.1000          0.001       9,000  21.0 s
           2      3.0000           3.2500       0.2000           5e-4       9,000  22.0 s  best
           3      2.0000           2.1667       0.3000        3.33e-4       9,000  23.0 s

       HitRate@100 is measured on a sample of validation users by full ranking.
       Training stopped early: validation had not become better for a while.

     Evaluation

       users ranked  600
       out of reach  4 users

       metric                  model  popularity  random  model ÷ popularity
       HitRate = Recall @10   0.0900      0.0300  0.0010                3.0×
       HitRate = Recall @20   0.1800      0.0600  0.0020                3.0×
       HitRate = Recall @100  0.2700      0.0900  0.0030                3.0×
       HitRate = Recall @500  0.3600      0.1200  0.0040                3.0×
       NDCG @10               0.0450      0.0150  0.0005                3.0×
       NDCG @20               0.0900      0.0300  0.0010                3.0×
       NDCG @100              0.1350      0.0450  0.0015                3.0×
       NDCG @500              0.1800      0.0600  0.0020                3.0×
       MRR                    0.0300      0.0100  0.0003                3.0×
       coverage               0.2500      0.2500  0.2500                1.0×

       Each user's last item is held out, all items are ranked, and what the user already has is excluded.
       Out of reach: the held-out item occurs nowhere in training, which counts as a miss for every row.

     Index

       engine          hnswlib
       vectors         9,724 × 128
       M               16
       efConstruction  200
       efSearch        100
       build           3.2 s
       memory          6.2 MiB

       recall@10  recall@100
          0.9990      0.9800

     Speed

                   mean   p50   p95   p99  queries/s
       known user  0.91  0.84  1.40  12.3      1,098

       batch  users/s
          16    1,100
         128    1,300

       Measured inside one process, without a network.

     Recommendations for user <7>

       recently  Toy Story (1995) · item 2

       #   score  id   name                                              category, tags
       1  0.9876  3    <img src=x onerror=alert(1)>                      Comedy, warm, funny
       2  0.5000  b"4  a[31m name that goes on and on, past every colu…

     Artifact

       version  v1
       folder   artifacts/versions/v1"
    `);
  });

  it('has no colour codes unless asked, and none out of the data', () => {
    expect(text).not.toMatch(/\u001b/);
    expect(renderTerminal(runSections(run), { color: true })).toContain('\u001b[1m');
  });

  it('tells what encoding a history costs, where that was measured', () => {
    const show = (encodeMsPerUser?: number): string =>
      renderTerminal(runSections({ ...run, benchmark: { single: latency, batches: [], encodeMsPerUser } }), {
        color: false,
      });
    expect(show(0.123)).toMatch(/encoding a fresh history +0\.12 ms a user in batches of 32/);
    expect(show()).not.toContain('encoding');
  });

  it('leaves out what a run does not have', () => {
    const bare = renderTerminal(runSections({ ...run, benchmark: undefined, demo: undefined }), { color: false });
    expect(bare).not.toContain('Speed');
    expect(bare).not.toContain('Recommendations');
  });

  it('adds the planted truth as a column, and recall where it differs from the hit rate', () => {
    const evaluation = { ...run.evaluation, truth: { ...metrics(0.2), 'recall@10': 0.1 } };
    const shown = renderTerminal(runSections({ ...run, evaluation }), { color: false });
    expect(shown).toMatch(/metric +model +popularity +random +planted truth +model ÷ popularity/);
    expect(shown).toMatch(/Recall @10 +0\.0900 +0\.0300 +0\.0010 +0\.1000 +3\.0×/);
  });

  it('shows all yardsticks, the difference to the best one, slices, seeds and what to know', () => {
    const interval = { 'hitRate@10': [0.08, 0.1], 'ndcg@10': [0.04, 0.05] } as const;
    const hitRates = (scale: number) => ({
      model: { 'hitRate@10': scale },
      ease: { 'hitRate@10': scale / 2 },
      itemKnn: { 'hitRate@10': scale / 3 },
      popularity: { 'hitRate@10': scale / 4 },
    });
    const evaluation = {
      ...run.evaluation,
      model: { ...metrics(0.09), interval },
      ease: { ...metrics(0.1), lambda: 200 },
      itemKnn: metrics(0.08),
      difference: {
        to: 'ease',
        'hitRate@10': { value: -0.01, interval: [-0.02, 0.001] },
        'ndcg@10': { value: 0.02, interval: [0.01, 0.03] },
      } as const,
      notes: ['The model is worse than EASE^R: HitRate@10 0.0900 against 0.1000.'],
      refitted: false,
      slices: {
        historyLength: [
          { label: '1 to 5', users: 400, hitRates: hitRates(0.12) },
          { label: '6 to 10', users: 0, hitRates: {} },
        ],
        itemPopularity: [{ label: '0', users: 1000, hitRates: hitRates(0.24) }],
      },
      seeds: {
        seeds: [42, 43],
        runs: [{ 'hitRate@10': 0.1 }, { 'hitRate@10': 0.12 }],
        mean: { 'hitRate@10': 0.11 },
        spread: { 'hitRate@10': 0.0141 },
      },
    };
    const shown = renderTerminal(runSections({ ...run, evaluation }), { color: false });
    expect(shown).toMatch(/metric +model +EASE\^R +item-kNN +popularity +random +model ÷ popularity/);
    expect(shown).toMatch(/λ of EASE\^R +200, by validation/);
    expect(shown).toMatch(
      /HitRate @10 +0\.0800 to 0\.1000 +-0\.0100 +-0\.0200 to 0\.0010\n +NDCG @10 +0\.0400 to 0\.0500/,
    );
    expect(shown).toMatch(/1 to 5 +400 +0\.1200 +0\.0600 +0\.0400 +0\.0300/);
    expect(shown).not.toContain('6 to 10');
    expect(shown).toMatch(/0 +1,000 +0\.2400/);
    expect(shown).toMatch(/HitRate @10 +0\.1100 +0\.0141 +0\.1000 +0\.1200/);
    expect(shown).toContain('The model is worse than EASE^R: HitRate@10 0.0900 against 0.1000.');
    expect(shown).toContain('The model was not trained on the validation events; the yardsticks know them.');
  });

  it.each([
    ['random-80-20', 'each is ranked among all items; nothing is excluded'],
    ['random-8-1-1', 'what the user has in training or validation is excluded'],
  ])('says by which rules the split %s is judged', (split, rules) => {
    const evaluation = { ...run.evaluation, split };
    const shown = renderTerminal(runSections({ ...run, evaluation }), { color: false });
    expect(shown).toContain('out of reach  4 events');
    expect(shown.replace(/\s+/g, ' ')).toContain(rules);
  });

  it.each([
    ['rank', 'all items are ranked, those that the user already has too.'],
    ['mask', 'all items are ranked, and what the user already has is excluded.'],
  ])('says what becomes of repeats with the rule %s', (repeats, rules) => {
    const shown = renderTerminal(runSections({ ...run, evaluation: { ...run.evaluation, repeats } }), { color: false });
    expect(shown.replace(/\s+/g, ' ')).toContain(rules);
  });

  it('shows the nearest neighbours of items, each item once', () => {
    const neighbours = [
      {
        item: { id: 1, name: 'Toy Story (1995)' },
        neighbours: [
          { id: 2, name: 'Antz', score: 0.9 },
          { id: 3, category: 'Drama', score: 0.5 },
        ],
      },
    ];
    const shown = renderTerminal(runSections({ ...run, neighbours }), { color: false });
    expect(shown).toMatch(/^ +Toy Story \(1995\) +0.9000 +Antz *\n +0.5000 +item 3 +Drama/m);
  });

  it('shows what was held out apart, and what its accuracy is worth', () => {
    const group = {
      model: metrics(0.05),
      popularity: metrics(0.04),
      random: metrics(0.001),
      users: 60,
      unreachable: 2,
    };
    const exposure = { gini: 0.75, averagePopularity: 41.25 };
    const evaluation = {
      ...run.evaluation,
      model: { ...metrics(0.09), ...exposure },
      coldUsers: group,
      coldItems: { ...group, users: 55 },
    };
    const shown = renderTerminal(runSections({ ...run, evaluation }), { color: false });
    expect(shown).toMatch(/^ +Gini index +0.7500 +–/m);
    expect(shown).toMatch(/^ +average popularity +41.3 +–/m);
    expect(shown).toMatch(/^Cold users\n\n +users ranked +60\n +HitRate@100 ÷ that of known users +0.56/m);
    expect(shown).toMatch(/^Cold items\n\n +users ranked +55/m);
  });
});

describe('as a page', () => {
  const page = renderReport(run);

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
      ...run,
      dataset: {
        ...run.dataset,
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
        ...run.training,
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
        ...metrics(low),
        interval: { 'hitRate@10': [low, low + 0.02] } as const,
      });
      const evaluation = { ...run.evaluation, model: withInterval(0.08), popularity: withInterval(0.02) };
      const table = /<caption>\s*95 % intervals[\s\S]*?<\/table>/.exec(renderReport({ ...run, evaluation }))?.[0] ?? '';
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
    const withSlices = renderReport({ ...run, evaluation: { ...run.evaluation, slices } });
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
    const epochs = run.training.epochs.map((epoch) => ({ ...epoch, validationLoss: Number.NaN }));
    expect(renderReport({ ...run, training: { ...run.training, epochs } })).not.toMatch(/NaN/);
  });
});
