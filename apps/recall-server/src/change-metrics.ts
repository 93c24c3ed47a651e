import { Gauge, type Registry } from 'prom-client';
import type { OpenedChanges } from './open-changes';

/** Adds what is measured of the log and the stream of changes to a registry. */
export function addChangeMetrics(registry: Registry, changes: OpenedChanges | undefined): void {
  if (changes === undefined) return;
  registry.registerMetric(changes.errors);
  const { stream } = changes;
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
