type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Starts OpenTelemetry's SDK where its standard variables ask for traces (`OTEL_EXPORTER_OTLP_ENDPOINT`,
 * `OTEL_TRACES_EXPORTER`, `OTEL_SERVICE_NAME` and so on), and does not even load it otherwise.
 * @returns what sends the last spans and stops; `undefined` where nothing was started
 */
export async function startTracing(env: Environment): Promise<(() => Promise<void>) | undefined> {
  if (!asksForTraces(env)) return undefined;
  const { NodeSDK } = await import('@opentelemetry/sdk-node');
  const sdk = new NodeSDK({
    serviceName: env['OTEL_SERVICE_NAME'] ?? 'vector-recall-server',
    instrumentations: [],
    // Metrics are Prometheus' and logs are pino's.
    metricReaders: [],
    logRecordProcessors: [],
  });
  sdk.start();
  return () => sdk.shutdown();
}

function asksForTraces(env: Environment): boolean {
  const exporter = env['OTEL_TRACES_EXPORTER'];
  if (env['OTEL_SDK_DISABLED']?.toLowerCase() === 'true' || exporter === 'none') return false;
  const endpoint = env['OTEL_EXPORTER_OTLP_TRACES_ENDPOINT'] ?? env['OTEL_EXPORTER_OTLP_ENDPOINT'];
  return [exporter, endpoint].some((value) => value !== undefined && value !== '');
}
