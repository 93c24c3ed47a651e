import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { LiveWriteError } from '@vector-recall/live-index';
import pino from 'pino';
import { Registry } from 'prom-client';
import { addChangeMetrics } from './change-metrics';
import { openChanges } from './open-changes';

it('counts changes that the log did not take', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'counted-changes-'));
  try {
    const opened = await openChanges({ live: folder, changes: '' }, pino({ level: 'silent' }));
    const registry = new Registry();
    addChangeMetrics(registry, opened);
    await opened?.source.write([{ kind: 'delete-item', id: 1 }]);
    expect(await registry.metrics()).toContain('vector_recall_live_log_errors_total{operation="write"} 0');
    await opened?.close();
    await expect(opened?.source.write([{ kind: 'delete-item', id: 2 }])).rejects.toThrow(LiveWriteError);
    expect(await registry.metrics()).toContain('vector_recall_live_log_errors_total{operation="write"} 1');
    expect(await registry.metrics()).toContain('vector_recall_live_log_errors_total{operation="compact"} 0');
  } finally {
    await rm(folder, { recursive: true });
  }
});
