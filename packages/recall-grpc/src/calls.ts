// What another transport than gRPC needs to answer the same calls.
export { status } from '@grpc/grpc-js';
export { REQUEST_ID } from './observe/request-id';
export type { CallEnd, CallHead, Method } from './pipeline/call';
export { CallSignal } from './pipeline/call-signal';
export { atDeadline } from './pipeline/deadline';
export { fileDescriptors } from './gen/descriptors';
export { openHttpsFiles, type HttpsFiles } from './security/https-files';
export type { CallStatus } from './contract/status';
export type { ServiceCalls } from './server/service-calls';
