import { createFileRegistry, fromBinary, type DescService, type FileRegistry } from '@bufbuild/protobuf';
import { FileDescriptorProtoSchema, FileDescriptorSetSchema } from '@bufbuild/protobuf/wkt';
import { create } from '@bufbuild/protobuf';
import { fileDescriptors, RECALL_SERVICE } from '@vector-recall/recall-grpc/calls';

/** The messages and services of the contract. */
export const registry: FileRegistry = createFileRegistry(
  create(FileDescriptorSetSchema, {
    file: Object.values(fileDescriptors).map((text) =>
      fromBinary(FileDescriptorProtoSchema, Buffer.from(text, 'base64')),
    ),
  }),
);

/** The recall service as the contract describes it. */
export function recallService(): DescService {
  const service = registry.getService(RECALL_SERVICE);
  if (service === undefined) throw new TypeError(`The contract does not describe ${RECALL_SERVICE}.`);
  return service;
}
