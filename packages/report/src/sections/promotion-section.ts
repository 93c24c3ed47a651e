import type { PromotionFigures } from '../run-summary';
import type { ReportSection } from './section';

/** Whether the version of a run was made the current one, and why. */
export function promotionSection({ policy, promoted, reason }: PromotionFigures): ReportSection {
  return {
    id: 'promotion',
    title: 'Promotion',
    facts: [
      ['policy', policy],
      ['promoted', promoted ? 'yes' : 'no'],
    ],
    tables: [],
    notes: [
      promoted
        ? `This version is the current one because ${reason}.`
        : `This version was not promoted because ${reason}.`,
    ],
  };
}
