import { LiveChangeError, type Id, type NewChange } from '@vector-recall/live-index';
import { numbersOf, type Catalogue, type IdColumn } from '@vector-recall/model-store';
import { firstNotFinite, isZero, type VectorShape } from '../request/query-vector';
import type { ItemEncoder } from './item-encoder';

/** The longest type of an event, in characters. */
const MAX_TYPE = 256;

/** Whether a change fits the model that serves: kinds of ids, the width of vectors, attributes and features. */
export class ChangeChecks {
  constructor(
    private readonly catalogue: Catalogue,
    private readonly vectors: VectorShape,
    /** Absent where items must bring their vectors. */
    private readonly encoder: ItemEncoder | undefined,
  ) {}

  /** @throws LiveChangeError */
  check(change: NewChange): void {
    const { itemIds, userIds } = this.catalogue;
    switch (change.kind) {
      case 'upsert-item':
        checkId('item', itemIds, change.item.id);
        if (change.item.vector !== undefined) this.#checkVector(change.item.vector);
        else if (this.encoder === undefined) {
          throw new LiveChangeError('vector', 'This model knows no attributes of items; send a vector with each item.');
        } else this.encoder.encode(change.item);
        break;
      case 'delete-item':
        checkId('item', itemIds, change.id);
        break;
      case 'upsert-user':
        checkId('user', userIds, change.user.id);
        this.#checkFeatures(change.user.features);
        break;
      case 'delete-user':
        checkId('user', userIds, change.id);
        break;
      case 'append-events':
        checkId('user', userIds, change.userId);
        for (const { itemId, at, type = '' } of change.events) {
          checkId('item', itemIds, itemId);
          if (!Number.isFinite(at)) throw new LiveChangeError('at', 'The time of an event must be a finite number.');
          if (type.length > MAX_TYPE) {
            throw new LiveChangeError('type', `The type of an event has more than ${MAX_TYPE} characters.`);
          }
        }
        break;
    }
  }

  /** Whether a vector can be indexed. */
  fits(vector: Float32Array): boolean {
    const { dim, space } = this.vectors;
    return vector.length === dim && firstNotFinite(vector) === -1 && !(space === 'cosine' && isZero(vector));
  }

  #checkVector(vector: Float32Array): void {
    if (this.fits(vector)) return;
    const { dim, space } = this.vectors;
    const kind = space === 'cosine' ? 'finite numbers that are not all zero' : 'finite numbers';
    throw new LiveChangeError(
      'vector',
      `The vector of an item has ${vector.length} values, but it must be ${dim} ${kind}.`,
    );
  }

  #checkFeatures(features: readonly number[] | undefined): void {
    if (features === undefined) return;
    const numbers = numbersOf(this.catalogue.userFields);
    const names = numbers?.names ?? [];
    if (features.length === names.length && features.every(Number.isFinite)) return;
    throw new LiveChangeError(
      'features',
      names.length === 0
        ? 'The model was trained without user features; send no features.'
        : `features must be ${names.length} finite numbers: ${names.join(', ')}.`,
    );
  }
}

/** @throws LiveChangeError */
function checkId(of: 'item' | 'user', { kind }: IdColumn, id: Id): void {
  const given = typeof id === 'number' ? 'integer' : 'string';
  if (given !== kind) {
    throw new LiveChangeError(
      'id',
      `The ${of} ids of this model are ${kind}s, but a change has the ${given} ${JSON.stringify(id)}.`,
    );
  }
  if (typeof id === 'number' ? Number.isSafeInteger(id) : id !== '' && id.length <= 1024) return;
  throw new LiveChangeError(
    'id',
    `An id of a change is not a safe integer, is empty or has more than 1024 characters.`,
  );
}
