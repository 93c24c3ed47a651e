import type { DataShape, VectorRecallConfig } from '@vector-recall/core-config';
import type { Dataset } from '@vector-recall/datasets';
import type { TrainingObserver } from '../observer';

/** What a preset is chosen by. */
export function shapeOf({ interactions }: Dataset): DataShape {
  const { userCount, itemCount, items } = interactions;
  return { users: userCount, items: itemCount, interactions: items.length };
}

/** Says which preset `auto` came to. */
export function announcePreset(
  given: VectorRecallConfig,
  { training }: VectorRecallConfig,
  observer?: TrainingObserver,
): void {
  if (training.preset === given.training.preset) return;
  const message = `The preset ${training.preset} fits this data; name another with --preset.`;
  observer?.notify({ type: 'notice', message });
}
