const stopSignals = ['SIGTERM', 'SIGINT'] as const;

/** Resolves at the first signal that asks the process to stop. Further ones change nothing: the drain is bounded. */
export async function stopSignal(): Promise<NodeJS.Signals> {
  return new Promise((resolve) => {
    for (const signal of stopSignals) process.on(signal, resolve);
  });
}

/** Keeps signals from ending a worker: a terminal sends them to it too, but the primary process tells it when to stop. */
export function ignoreStopSignals(): void {
  for (const signal of [...stopSignals, 'SIGHUP']) process.on(signal, () => undefined);
}

/** Keeps SIGUSR1 from opening Node's inspector, through which whoever reaches its port runs code in the process. */
export function ignoreInspectorSignal(): void {
  process.on('SIGUSR1', () => undefined);
}
