import { runSections } from '../sections/run-sections';
import { sampleLatency, sampleMetrics, sampleRun } from '../testing/sample-run';
import { renderTerminal } from './render-terminal';

it('says whether the version serves, and why not', () => {
  const reason = "its validation HitRate@100 of 0.1000 is below popularity's 0.2000";
  const promotion = { policy: 'auto', promoted: false, reason };
  const text = renderTerminal(runSections({ ...sampleRun, promotion }), { color: false });
  expect(text).toMatch(/^Promotion$/m);
  expect(text).toContain(`This version was not promoted because ${reason}.`);
});

describe('in a terminal', () => {
  const text = renderTerminal(runSections(sampleRun), { color: false });

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
       precision   bfloat16
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

       Latency of one query in ms
                   mean   p50   p95   p99  queries/s
       known user  0.91  0.84  1.40  12.3      1,098

       Batches
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
    expect(renderTerminal(runSections(sampleRun), { color: true })).toContain('\u001b[1m');
  });

  it('tells what encoding a history costs, where that was measured', () => {
    const show = (encodeMsPerUser?: number): string =>
      renderTerminal(
        runSections({ ...sampleRun, benchmark: { single: sampleLatency, batches: [], encodeMsPerUser } }),
        {
          color: false,
        },
      );
    expect(show(0.123)).toMatch(/encoding a fresh history +0\.12 ms a user in batches of 32/);
    expect(show()).not.toContain('encoding');
  });

  it('leaves out what a run does not have', () => {
    const bare = renderTerminal(runSections({ ...sampleRun, benchmark: undefined, demo: undefined }), { color: false });
    expect(bare).not.toContain('Speed');
    expect(bare).not.toContain('Recommendations');
  });

  it('adds the planted truth as a column, and recall where it differs from the hit rate', () => {
    const evaluation = { ...sampleRun.evaluation, truth: { ...sampleMetrics(0.2), 'recall@10': 0.1 } };
    const shown = renderTerminal(runSections({ ...sampleRun, evaluation }), { color: false });
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
      ...sampleRun.evaluation,
      model: { ...sampleMetrics(0.09), interval },
      ease: { ...sampleMetrics(0.1), lambda: 200 },
      itemKnn: sampleMetrics(0.08),
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
    const shown = renderTerminal(runSections({ ...sampleRun, evaluation }), { color: false });
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
    const evaluation = { ...sampleRun.evaluation, split };
    const shown = renderTerminal(runSections({ ...sampleRun, evaluation }), { color: false });
    expect(shown).toContain('out of reach  4 events');
    expect(shown.replace(/\s+/g, ' ')).toContain(rules);
  });

  it.each([
    ['rank', 'all items are ranked, those that the user already has too.'],
    ['mask', 'all items are ranked, and what the user already has is excluded.'],
  ])('says what becomes of repeats with the rule %s', (repeats, rules) => {
    const shown = renderTerminal(runSections({ ...sampleRun, evaluation: { ...sampleRun.evaluation, repeats } }), {
      color: false,
    });
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
    const shown = renderTerminal(runSections({ ...sampleRun, neighbours }), { color: false });
    expect(shown).toMatch(/^ +Toy Story \(1995\) +0.9000 +Antz *\n +0.5000 +item 3 +Drama/m);
  });

  it('shows what was held out apart, and what its accuracy is worth', () => {
    const group = {
      model: sampleMetrics(0.05),
      popularity: sampleMetrics(0.04),
      random: sampleMetrics(0.001),
      users: 60,
      unreachable: 2,
    };
    const exposure = { gini: 0.75, averagePopularity: 41.25 };
    const evaluation = {
      ...sampleRun.evaluation,
      model: { ...sampleMetrics(0.09), ...exposure },
      coldUsers: group,
      coldItems: { ...group, users: 55 },
    };
    const shown = renderTerminal(runSections({ ...sampleRun, evaluation }), { color: false });
    expect(shown).toMatch(/^ +Gini index +0.7500 +–/m);
    expect(shown).toMatch(/^ +average popularity +41.3 +–/m);
    expect(shown).toMatch(/^Cold users\n\n +users ranked +60\n +HitRate@100 ÷ that of known users +0.56/m);
    expect(shown).toMatch(/^Cold items\n\n +users ranked +55/m);
  });
});
