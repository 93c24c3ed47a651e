import { createServer, type RequestListener, type Server } from 'node:http';
import { ListenError } from '../errors';

/** What the endpoint tells. */
export interface EndpointSources {
  /** What `/metrics` shows: a `Registry` of prom-client, or several processes' together. */
  readonly registry: { readonly contentType: string; metrics(): Promise<string> };
  /** Why calls are not answered; `undefined` where they are. */
  readonly whyNotReady: () => string | undefined;
}

/**
 * Serves `/metrics` for Prometheus, `/healthz` (the process lives) and `/readyz` (calls are answered) over plain HTTP.
 * @throws ListenError
 */
export async function serveMetrics(host: string, port: number, sources: EndpointSources): Promise<Server> {
  const server = createServer(answer(sources));
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error) => {
      const address = `${host}:${port}`;
      reject(new ListenError(address, `The metrics endpoint can't listen on ${address}: ${error.message}.`));
    });
    server.listen(port, host, resolve);
  });
  return server;
}

function answer({ registry, whyNotReady }: EndpointSources): RequestListener {
  return ({ method, url }, response) => {
    const reply = (code: number, text: string, type = 'text/plain; charset=utf-8'): void => {
      response.writeHead(code, { 'content-type': type }).end(method === 'HEAD' ? undefined : text);
    };
    if (method !== 'GET' && method !== 'HEAD') {
      reply(405, 'Only GET is answered.\n');
      return;
    }
    switch (url?.split('?')[0]) {
      case '/metrics':
        registry.metrics().then(
          (text) => {
            reply(200, text, registry.contentType);
          },
          () => {
            reply(500, 'The metrics could not be collected.\n');
          },
        );
        return;
      case '/healthz':
        reply(200, 'ok\n');
        return;
      case '/readyz': {
        const reason = whyNotReady();
        if (reason === undefined) reply(200, 'ready\n');
        else reply(503, `not ready: ${reason}\n`);
        return;
      }
      default:
        reply(404, 'There are /metrics, /healthz and /readyz.\n');
    }
  };
}
