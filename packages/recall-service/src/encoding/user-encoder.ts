import type { Catalogue } from '@vector-recall/model-store';
import { selectBackend, TwoTowerModel, type BackendName, type UserBatch } from '@vector-recall/towers';
import { towerInputs } from '../artifact/tower-inputs';
import type { ParsedRequest } from '../request/request-parser';

type EncodableRequest = Pick<ParsedRequest, 'userRow' | 'features' | 'history'>;

/** Turns requests into vectors with the user tower, which it loads at the first one. */
export class UserEncoder {
  #model?: Promise<TwoTowerModel>;

  constructor(
    private readonly folder: string,
    private readonly catalogue: Catalogue,
    private readonly backend: 'auto' | BackendName,
  ) {}

  /** Newest items of a history that the model reads; 0 where it reads none. */
  async historyLength(): Promise<number> {
    const { historyEncoder, historyLength } = (await this.#load()).config;
    return historyEncoder === 'none' ? 0 : historyLength;
  }

  /**
   * @returns `[requests, dim]`
   * @throws BackendUnavailableError, WeightFileError
   */
  async encode(requests: readonly EncodableRequest[]): Promise<Float32Array> {
    const model = await this.#load();
    return model.encodeUsers(this.#batchOf(requests, model.config.historyLength));
  }

  async #load(): Promise<TwoTowerModel> {
    this.#model ??= (async () => {
      await selectBackend(this.backend);
      return TwoTowerModel.load(this.folder, towerInputs(this.catalogue));
    })();
    return this.#model;
  }

  #batchOf(requests: readonly EncodableRequest[], historyLength: number): UserBatch {
    const histories = requests.map((request) => this.#historyOf(request).slice(-historyLength));
    const historyOffsets = new Int32Array(requests.length + 1);
    histories.forEach(({ length }, i) => (historyOffsets[i + 1] = historyOffsets[i] + length));
    const historyItems = new Int32Array(historyOffsets[requests.length]);
    histories.forEach((items, i) => {
      historyItems.set(items, historyOffsets[i]);
    });
    const users = Int32Array.from(requests, ({ userRow }) => userRow);
    return { users, historyOffsets, historyItems, features: this.#featuresOf(requests) };
  }

  #historyOf({ userRow, history }: EncodableRequest): Int32Array {
    return history ?? storedHistory(this.catalogue, userRow);
  }

  /** `[requests, width]`; the towers take fresh features for all users of a batch or for none. */
  #featuresOf(requests: readonly EncodableRequest[]): Float32Array | undefined {
    const stored = this.catalogue.userFeatures;
    if (stored === undefined || requests.every(({ features }) => features === undefined)) return undefined;
    const { width, values } = stored;
    const out = new Float32Array(requests.length * width);
    requests.forEach(({ userRow, features }, i) => {
      // Of an unknown user nothing is known: zeros, as in the tower itself.
      if (features) out.set(features, i * width);
      else if (userRow >= 0) out.set(values.subarray(userRow * width, (userRow + 1) * width), i * width);
    });
    return out;
  }
}

/** What a user has, oldest first; nothing for a row of -1. */
export function storedHistory({ history }: Catalogue, userRow: number): Int32Array {
  if (userRow < 0) return new Int32Array(0);
  return history.items.subarray(history.offsets[userRow], history.offsets[userRow + 1]);
}
