import { BinaryReader, WireType } from '@bufbuild/protobuf/wire';
import { WireRequestError } from '../errors';

/** Names of messages in errors are those of the contract. */
interface MessageType<T> {
  decode(bytes: Uint8Array): T;
}

/** @throws WireRequestError */
export function decodeMessage<T>(name: string, type: MessageType<T>, bytes: Uint8Array): T {
  try {
    return type.decode(bytes);
  } catch (error) {
    throw malformed(name, error);
  }
}

/**
 * The undecoded entries of a `BatchRecallRequest`, so that one that can't be decoded doesn't fail the rest.
 * @throws WireRequestError
 */
export function splitBatch(bytes: Uint8Array): Uint8Array[] {
  const entries: Uint8Array[] = [];
  try {
    const reader = new BinaryReader(bytes);
    while (reader.pos < reader.len) {
      const [field, type] = reader.tag();
      if (field === 1 && type === WireType.LengthDelimited) entries.push(reader.bytes());
      else reader.skip(type, field);
    }
  } catch (error) {
    throw malformed('BatchRecallRequest', error);
  }
  return entries;
}

function malformed(name: string, error: unknown): WireRequestError {
  const reason = error instanceof Error ? error.message : String(error);
  // Integers past 2^53 - 1 are strings in every catalogue, so no model could know the id.
  const details = /_SAFE_INTEGER/.test(reason)
    ? 'has an integer id outside -9007199254740991 to 9007199254740991; send ids that large as strings'
    : 'is not a valid protobuf message';
  return new WireRequestError(name, `The recall.v1.${name} ${details}.`);
}
