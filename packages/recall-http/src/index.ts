export { HttpPort, type HttpPortOptions } from './http-port';
export { openApiDocument } from './open-api';
