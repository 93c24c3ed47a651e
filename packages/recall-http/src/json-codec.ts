import { fromBinary, fromJsonString, toBinary, toJsonString, type DescMethod } from '@bufbuild/protobuf';
import { registry } from './contract';

/** Thrown inside the package when a body is not the JSON of a request; callers get it as INVALID_ARGUMENT. */
export class JsonRequestError extends Error {
  readonly code = 'HTTP_REQUEST_INVALID';

  constructor(message: string) {
    super(message);
    this.name = 'JsonRequestError';
  }
}

/** The JSON of requests and responses of one method, as proto3 maps it. */
export interface JsonCodec {
  /** @throws JsonRequestError */
  request(json: string): Buffer;
  response(bytes: Buffer): string;
}

export function jsonCodec({ input, output }: DescMethod): JsonCodec {
  return {
    request: (json) => {
      try {
        return Buffer.from(toBinary(input, fromJsonString(input, json, { registry })));
      } catch (error) {
        const reason = error instanceof Error ? error.message : String(error);
        throw new JsonRequestError(`The body is not the JSON of a ${input.typeName}: ${reason}.`);
      }
    },
    response: (bytes) => toJsonString(output, fromBinary(output, bytes), { registry }),
  };
}
