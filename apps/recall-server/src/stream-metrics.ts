import type { StreamedChanges } from '@vector-recall/change-stream';
import { Gauge, type Registry } from 'prom-client';

/** Adds what is measured of a stream of changes to a registry. */
export function addStreamMetrics(registry: Registry, { stream }: { readonly stream?: StreamedChanges } = {}): void {
  if (stream === undefined) return;
  const gauge = (name: string, help: string, read: () => number): void => {
    new Gauge({
      name,
      help,
      registers: [registry],
      collect() {
        this.set(read());
      },
    });
  };
  gauge(
    'vector_recall_change_lag',
    'Messages of the stream of changes that this server has still to take up, as far as it knows.',
    () => stream.lag,
  );
  gauge(
    'vector_recall_change_stream_connected',
    'Whether changes can be made and arrive; 0 while the brokers are gone or the stream is refused.',
    () => Number(stream.connected),
  );
}
