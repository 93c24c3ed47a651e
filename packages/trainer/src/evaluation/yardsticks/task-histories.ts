import type { EvaluationTask } from '../task';

/**
 * The distinct items that a task tells of its users: what they did before the held-out event, or the newest few where
 * the users count as strangers, as the model is told them.
 */
export class TaskHistories {
  readonly #lastSeen: Int32Array;
  #stamp = 0;

  constructor(private readonly task: EvaluationTask) {
    this.#lastSeen = new Int32Array(task.log.itemCount);
  }

  /**
   * Groups a block of users by the items they have.
   * @param users user rows, `[users]`
   * @returns for each item the places of its users in the block; items ascending
   */
  byItem(users: Int32Array): readonly (readonly [item: number, places: readonly number[]])[] {
    const { log, ends, strangers } = this.task;
    const places = new Map<number, number[]>();
    users.forEach((user, place) => {
      const first = strangers ? Math.max(log.offsets[user], ends[user] - strangers.events) : log.offsets[user];
      this.#stamp++;
      for (let at = first; at < ends[user]; at++) {
        const item = log.items[at];
        if (this.#lastSeen[item] === this.#stamp) continue;
        this.#lastSeen[item] = this.#stamp;
        const ofItem = places.get(item);
        if (ofItem === undefined) places.set(item, [place]);
        else ofItem.push(place);
      }
    });
    return [...places].sort(([a], [b]) => a - b);
  }
}
