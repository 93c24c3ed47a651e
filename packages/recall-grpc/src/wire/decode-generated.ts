import { WireRequestError } from '../errors';

/** A message type of the generated code. */
interface MessageType<T> {
  decode(bytes: Uint8Array): T;
}

/**
 * Reads a short message with the generated code.
 * @param name of the message in the contract, for errors
 * @throws WireRequestError
 */
export function decodeGenerated<T>(name: string, type: MessageType<T>, bytes: Uint8Array): T {
  try {
    return type.decode(bytes);
  } catch {
    throw new WireRequestError(name, `The recall.v1.${name} is not a valid protobuf message.`);
  }
}
