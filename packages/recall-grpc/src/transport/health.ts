import type { Server } from '@grpc/grpc-js';
import { HealthImplementation } from 'grpc-health-check';

/** `grpc.health.v1` for a whole server and for the one service of ours on it. */
export class Health {
  readonly #implementation: HealthImplementation;

  /** Whether a method is one of health, which needs no token: whoever asks learns no more than that the server lives. */
  static answers(path: string): boolean {
    return path.startsWith('/grpc.health.v1.Health/');
  }

  constructor(private readonly service: string) {
    this.#implementation = new HealthImplementation({ '': 'NOT_SERVING', [service]: 'NOT_SERVING' });
  }

  addTo(server: Server): void {
    this.#implementation.addToServer(server);
  }

  set(isServing: boolean): void {
    const status = isServing ? 'SERVING' : 'NOT_SERVING';
    for (const name of ['', this.service]) this.#implementation.setStatus(name, status);
  }
}
