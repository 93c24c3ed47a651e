import {
  LiveChangeError,
  LiveIds,
  LiveIndex,
  type Change,
  type ChangeSource,
  type Id,
  type ItemState,
  type LiveIndexEvent,
  type NewChange,
  type Outcome,
  type VectorChange,
} from '@vector-recall/live-index';
import type { ConcurrentIndex } from '@vector-recall/hnsw-index';
import type { AttributeTable } from '@vector-recall/item-catalogue';
import type { Catalogue } from '@vector-recall/model-store';
import { LiveAttributes } from '../filtering/live-attributes';
import { ChangeChecks } from './change-checks';
import type { ItemEncoder } from './item-encoder';
import { LiveUsers } from './live-users';

export interface LiveCatalogueOptions {
  readonly source: ChangeSource;
  readonly catalogue: Catalogue;
  /** Closed with this. */
  readonly index: ConcurrentIndex;
  readonly baseVector: (row: number) => Promise<Float32Array>;
  readonly readBaseVectors: (first: number, into: Float32Array) => Promise<void>;
  /** Absent where items must bring their vectors. */
  readonly encoder?: ItemEncoder;
  readonly onEvent?: (event: LiveIndexEvent) => void;
  /** Of the training's items. */
  readonly attributes: AttributeTable;
}

/** Items of the log that are taken up between two turns of the event loop. */
const ITEMS_PER_TURN = 256;

/** A model's catalogue with the changes that were made since it was trained, and are made while it serves. */
export class LiveCatalogue {
  readonly ids: LiveIds;
  readonly index: LiveIndex;
  readonly users: LiveUsers;
  /** Of the items that changed. */
  readonly attributes: LiveAttributes;
  readonly #checks: ChangeChecks;
  /** The change that each row is at: older ones come late. */
  readonly #seqs = new Map<number, number>();
  /** Items whose vector does not fit this model; they can't be found until they are changed again. */
  readonly #unusable = new Set<Id>();
  #gone?: Int32Array;
  #stop: () => void = () => undefined;

  private constructor(private readonly options: LiveCatalogueOptions) {
    const { catalogue, index, source, encoder, attributes } = options;
    this.attributes = new LiveAttributes(attributes.schema, attributes.rowCount);
    this.ids = new LiveIds(catalogue.itemIds);
    this.index = new LiveIndex({ ...options, base: index });
    this.users = new LiveUsers(source.state, catalogue, this.ids);
    this.#checks = new ChangeChecks(catalogue, index, encoder);
  }

  /** Takes up all changes that there are, and follows those to come. */
  static async open(options: LiveCatalogueOptions): Promise<LiveCatalogue> {
    const live = new LiveCatalogue(options);
    const { source } = options;
    const before = [...source.state.items()];
    live.#stop = source.listen((changes) => {
      live.#take(changes);
    });
    for (let i = 0; i < before.length; i += ITEMS_PER_TURN) {
      live.#take(before.slice(i, i + ITEMS_PER_TURN));
      await new Promise(setImmediate);
    }
    return live;
  }

  get itemCount(): number {
    const snapshot = this.index.lease();
    snapshot.release();
    return snapshot.itemCount;
  }

  /** How many changed items this model can't serve. */
  get unusableItems(): number {
    return this.#unusable.size;
  }

  get logBytes(): number {
    return this.options.source.logBytes;
  }

  /** Rows of the training's items that are gone now. */
  get goneRows(): Int32Array {
    if (this.#gone === undefined) {
      const { size } = this.options.catalogue.itemIds;
      const rows = [...this.#seqs.keys()].filter((row) => row < size && !this.index.has(row));
      this.#gone = Int32Array.from(rows);
    }
    return this.#gone;
  }

  /**
   * Makes changes: they are durable, and found by queries that begin later, when this resolves.
   * @throws LiveChangeError where one does not fit the model; then none was made; LiveWriteError
   */
  async write(changes: readonly NewChange[]): Promise<Outcome[]> {
    for (const change of changes) this.#checks.check(change);
    return this.options.source.write(changes);
  }

  /** What was changed of an item; `undefined` where nothing was. */
  item(id: Id): ItemState | undefined {
    return this.options.source.state.item(id);
  }

  async close(): Promise<void> {
    this.#stop();
    await this.index.close();
  }

  #take(changes: readonly (Change | ItemState)[]): void {
    const vectors: VectorChange[] = [];
    for (const change of changes) {
      if (change.kind === 'upsert-item')
        vectors.push(...this.#placed(change.item.id, change.seq, () => this.#vectorOf(change), change.item.attributes));
      else if (change.kind === 'delete-item') vectors.push(...this.#placed(change.id, change.seq, () => undefined));
    }
    if (vectors.length === 0) return;
    this.#gone = undefined;
    this.index.apply(vectors);
  }

  /** The change of a row, where it is the newest of it. */
  #placed(
    id: Id,
    seq: number,
    vectorOf: () => Float32Array | undefined,
    attributes?: Readonly<Record<string, unknown>>,
  ): VectorChange[] {
    // Of a log that was written beside a model with ids of the other kind.
    if ((typeof id === 'number') !== (this.ids.kind === 'integer')) {
      this.#unusable.add(id);
      return [];
    }
    const row = this.ids.add(id);
    if ((this.#seqs.get(row) ?? 0) >= seq) return [];
    this.#seqs.set(row, seq);
    this.#unusable.delete(id);
    this.attributes.set(row, attributes);
    return [{ row, vector: vectorOf() }];
  }

  /** `undefined` where this model can't make one or take the one that was given. */
  #vectorOf({ item }: Extract<ItemState, { kind: 'upsert-item' }>): Float32Array | undefined {
    try {
      const vector = item.vector ?? this.options.encoder?.encode(item);
      if (vector !== undefined && this.#checks.fits(vector)) return vector;
    } catch (error) {
      if (!(error instanceof LiveChangeError)) throw error;
    }
    this.#unusable.add(item.id);
    return undefined;
  }
}
