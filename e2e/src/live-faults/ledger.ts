import { ItemClient } from '@vector-recall/recall-grpc';

const KEYS = 64;
const LANES = 8;

/** The number of the change that made an item what it is, or where an item is deleted. */
type KeyState = number | 'deleted';

/** What each key was acknowledged to be, and the change that was under way when a call failed. */
export class Ledger {
  readonly #acknowledged = new Map<number, KeyState>();
  readonly #underWay = new Map<number, KeyState>();
  #next = 1;

  constructor(private readonly vector: () => Float32Array) {}

  /**
   * Changes keys, each lane its own, until a call fails.
   * @param most changes of a lane
   * @returns how many changes were acknowledged, and what the failures said
   */
  async write(
    target: string,
    most = Infinity,
  ): Promise<{ readonly made: number; readonly failures: readonly string[] }> {
    const client = new ItemClient(target, { deadlineMs: 5000 });
    const failures: string[] = [];
    let made = 0;
    const lane = async (place: number): Promise<void> => {
      for (let i = 0; i < most; i++) {
        const key = 10_000 + ((i * LANES + place) % KEYS);
        const n = this.#next++;
        const state = n % 5 === 0 ? 'deleted' : n;
        this.#underWay.set(key, state);
        try {
          if (state === 'deleted') await client.deleteItems([key]);
          else await client.upsertItems([{ id: key, vector: this.vector(), name: String(n) }]);
        } catch (error) {
          failures.push(error instanceof Error ? error.message : String(error));
          return;
        }
        this.#underWay.delete(key);
        this.#acknowledged.set(key, state);
        made++;
      }
    };
    await Promise.all(Array.from({ length: LANES }, (_, place) => lane(place)));
    client.close();
    return { made, failures };
  }

  /** The keys that are neither what was acknowledged of them nor what the last change would have made them. */
  async wrong(target: string): Promise<number[]> {
    const client = new ItemClient(target);
    const keys = [...new Set([...this.#acknowledged.keys(), ...this.#underWay.keys()])];
    const states = keys.length === 0 ? [] : await client.getItems(keys);
    client.close();
    const wrong = keys.filter((key, i) => {
      const state = states[i];
      const found =
        state.kind === 'upserted' ? Number(state.item.name) : state.kind === 'deleted' ? 'deleted' : undefined;
      const isRight = found === this.#acknowledged.get(key) || found === this.#underWay.get(key);
      if (found !== undefined) this.#acknowledged.set(key, found);
      return !isRight;
    });
    this.#underWay.clear();
    return wrong;
  }
}
