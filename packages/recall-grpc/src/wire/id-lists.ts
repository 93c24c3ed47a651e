import { WireRequestError } from '../errors';
import type { ProtoReader } from './proto-reader';
import { delimited, varint } from './tags';

export type Id = number | string;

/** The lists of ids in one request, which are counted together before any of them is built. */
export class IdLists {
  #count = 0;

  /** @param advice for who sends more */
  constructor(
    private readonly most: number,
    private readonly advice = "raise the server's max-ids",
  ) {}

  /** Appends what an `IdList` holds. */
  read(field: string, list: ProtoReader, before: Id[] | undefined): Id[] {
    const ids = before ?? [];
    const reader = list.message();
    while (!reader.isDone) {
      const tag = reader.tag();
      if (tag === delimited(1)) this.#readPacked(field, reader, ids);
      else if (tag === varint(1)) {
        this.#add(field, 1);
        ids.push(reader.int64());
      } else if (tag === delimited(2)) {
        this.#add(field, 1);
        ids.push(reader.text());
      } else reader.skip(tag);
    }
    return ids;
  }

  #readPacked(field: string, reader: ProtoReader, ids: Id[]): void {
    const packed = reader.message();
    this.#add(field, packed.countVarints());
    while (!packed.isDone) ids.push(packed.int64());
  }

  #add(field: string, count: number): void {
    this.#count += count;
    if (this.#count <= this.most) return;
    const problem = `with ${field}, the request has more than ${this.most} ids`;
    throw new WireRequestError(field, `${problem}; send fewer, or ${this.advice}.`);
  }
}
