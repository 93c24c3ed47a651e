import { readConsoleFiles } from '@vector-recall/console';
import type { ServiceCalls } from '@vector-recall/recall-grpc/calls';
import type { FastifyInstance } from 'fastify';
import { sendError } from './service-routes';

export interface ConsoleOptions {
  /** What lets a call in lets in whoever reads the metrics too. */
  readonly guard: Pick<ServiceCalls, 'authenticate'>;
  /** What `/metrics` shows, of all workers where there are several. */
  readonly metrics: () => Promise<string>;
}

/** Nothing but the page's own files is loaded, and no other page can frame it. */
const headers = {
  'content-security-policy':
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' data:; " +
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cache-control': 'no-cache',
};

/**
 * Adds the console's page at `/console/`, and what it reads besides the calls of the contract.
 * @throws ConsoleFilesError
 */
export async function addConsole(app: FastifyInstance, { guard, metrics }: ConsoleOptions): Promise<void> {
  app.get('/console', (_request, reply) => reply.redirect('/console/'));
  for (const { name, type, body } of await readConsoleFiles()) {
    app.get(`/console/${name}`, (_request, reply) => reply.headers(headers).type(type).send(body));
  }
  app.get('/console/metrics', async (request, reply) => {
    const refusal = guard.authenticate(request.headers);
    if (refusal !== undefined) {
      await sendError(reply, refusal);
      return;
    }
    await reply
      .headers(headers)
      .type('text/plain; charset=utf-8')
      .send(await metrics());
  });
}
