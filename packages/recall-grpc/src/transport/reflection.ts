import type { Server } from '@grpc/grpc-js';
import { ReflectionService } from '@grpc/reflection';
import { fileDescriptors } from '../gen/descriptors';

/** Lets tools such as grpcurl ask a server for its contract. */
export function addReflection(server: Server, services: readonly string[]): void {
  const fileDescriptorProtos = Object.values(fileDescriptors).map((text) => Buffer.from(text, 'base64'));
  // The library takes what proto-loader makes of .proto files; of that it reads the descriptors alone.
  const contract = { format: 'Protocol Buffer 3 EnumDescriptorProto', type: {}, fileDescriptorProtos } as const;
  new ReflectionService({ contract }, { services: [...services] }).addToServer(server);
}
