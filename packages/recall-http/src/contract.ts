import { createFileRegistry, fromBinary, type DescService, type FileRegistry } from '@bufbuild/protobuf';
import { FileDescriptorProtoSchema, FileDescriptorSetSchema } from '@bufbuild/protobuf/wkt';
import { create } from '@bufbuild/protobuf';
import { fileDescriptors } from '@vector-recall/recall-grpc/calls';

/** The messages and services of the contract. */
export const registry: FileRegistry = createFileRegistry(
  create(FileDescriptorSetSchema, {
    file: Object.values(fileDescriptors).map((text) =>
      fromBinary(FileDescriptorProtoSchema, Buffer.from(text, 'base64')),
    ),
  }),
);

/** A service as the contract describes it, by its full name. */
export function describeService(name: string): DescService {
  const service = registry.getService(name);
  if (service === undefined) throw new TypeError(`The contract does not describe ${name}.`);
  return service;
}
