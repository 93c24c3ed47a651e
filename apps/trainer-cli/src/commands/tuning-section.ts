import type { ReportSection } from '@vector-recall/report';
import type { TuningReport } from '@vector-recall/trainer';

const SHOWN_TRIALS = 10;

/** The best trainings, those of most epochs first, and how to train on the first of them. */
export function tuningSection({ preset, trials, best, trialsFile, bestFile }: TuningReport): ReportSection {
  const ranked = [...trials].sort((a, b) => b.epochs - a.epochs || b.score - a.score || a.trial - b.trial);
  const options = Object.keys(trials.find(({ trial }) => trial > 0)?.values ?? {});
  const column = (title: string) => ({ title, align: 'right' }) as const;
  return {
    id: 'tuning',
    title: 'Tuning',
    facts: [
      ['preset', preset],
      ['trainings', String(trials.length)],
      ['trials in', trialsFile],
      ['best options in', bestFile],
    ],
    tables: [
      {
        caption: 'Best trainings',
        columns: ['trial', 'epochs', 'HitRate@100', ...options.map((path) => path.replace(/^\w+\./, ''))].map(column),
        rows: ranked
          .slice(0, SHOWN_TRIALS)
          .map(({ trial, epochs, score, values }) => [
            String(trial),
            String(epochs),
            score.toFixed(4),
            ...options.map((path) => String(values[path] ?? 'as given')),
          ]),
        highlight: ranked.indexOf(best),
      },
    ],
    notes: [`HitRate@100 is on the validation events. Train with vector-recall train --config ${bestFile}.`],
  };
}
