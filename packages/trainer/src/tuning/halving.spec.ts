import { bestOf, type JobResult, nextJob, rungsOf } from './halving';

/** The trainings of a search in which the score of a trial is the same at any length. */
function search(jobs: number, epochs: number, score: (trial: number) => number): JobResult[] {
  const results: JobResult[] = [];
  while (results.length < jobs) {
    const job = nextJob(results, epochs);
    results.push({ ...job, score: score(job.trial) });
  }
  return results;
}

describe('rungsOf', () => {
  it.each([
    [1, [1]],
    [2, [1, 2]],
    [6, [1, 2, 6]],
    [30, [1, 3, 10, 30]],
  ])('cuts %i epochs', (epochs, rungs) => {
    expect(rungsOf(epochs)).toEqual(rungs);
  });
});

describe('nextJob', () => {
  it('trains the best third for longer, and those that have come farthest first', () => {
    const scores = [0.3, 0.1, 0.2, 0.6, 0.5, 0.4, 0.7, 0.8];
    const jobs = search(13, 6, (trial) => scores[trial]);
    // Of one epoch 0 leads the first three trials, 3 the first four, 3 and 4 the first six. Of 0, 3 and 4 with two epochs
    // the best is trained for six, and so is 6 when it leads four of them.
    expect(jobs.map(({ trial, epochs }) => `${trial}:${epochs}`).join(' ')).toBe(
      '0:1 1:1 2:1 0:2 3:1 3:2 4:1 5:1 4:2 3:6 6:1 6:2 6:6',
    );
  });

  it('never trains a trial twice for the same length', () => {
    const jobs = search(200, 9, (trial) => (trial * 37) % 101);
    expect(new Set(jobs.map(({ trial, epochs }) => `${trial}:${epochs}`)).size).toBe(200);
    expect(jobs.some(({ epochs }) => epochs === 9)).toBe(true);
  });

  it('goes through new trials where there is but one length', () => {
    expect(search(5, 1, () => 0).map(({ trial }) => trial)).toEqual([0, 1, 2, 3, 4]);
  });
});

describe('bestOf', () => {
  it('is the best of those that were trained the longest', () => {
    const results = [
      { trial: 0, epochs: 6, score: 0.3 },
      { trial: 1, epochs: 6, score: 0.4 },
      { trial: 2, epochs: 1, score: 0.9 },
    ];
    expect(bestOf(results)).toMatchObject({ trial: 1 });
    expect(bestOf([])).toBeUndefined();
  });
});
