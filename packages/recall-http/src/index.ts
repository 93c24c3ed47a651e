export { HttpPort, type HttpPortOptions } from './http-port';
export type { ConsoleOptions } from './console-routes';
