import { z } from 'zod';

const port = (): z.ZodInt => z.int().min(0).max(65_535);

/** The recall server: where it listens, what it allows, how it is secured. */
export const serverSchema = z.strictObject({
  artifacts: z
    .string()
    .min(1)
    .default('artifacts')
    .meta({ flag: 'artifacts', alsoCalled: 'output', description: 'artifact store whose promoted version is served' }),
  serve: z.string().default('').meta({
    flag: 'serve',
    description:
      'two versions at once, as stable=VERSION,canary=VERSION; current stands for the promoted one; without it, that alone',
  }),
  canaryShare: z
    .string()
    .regex(/^(?:\d{1,2}(?:\.\d{1,2})?|100)%$/)
    .default('0%')
    .meta({
      flag: 'canary-share',
      description: 'share of the users whom the canary of --serve answers, by a hash of their ids',
      requirement: 'a share such as 5% or 0.25%',
    }),
  live: z.string().default('').meta({
    flag: 'live',
    description: 'folder of changes to items and users made while serving; without one, changes are refused',
  }),
  changes: z.string().default('').meta({
    flag: 'changes',
    description: 'stream of changes that servers share, as nats://host:port/STREAM; needs --live',
  }),
  standing: z.string().default('').meta({
    flag: 'standing',
    description: 'file of the rules that apply to every request; without one, there are none',
  }),
  host: z.string().min(1).default('0.0.0.0').meta({ flag: 'host', description: 'address of the recall service' }),
  port: port().default(50_051).meta({ flag: 'port', description: 'port of the recall service; 0 takes a free one' }),
  httpPort: port().default(0).meta({
    flag: 'http-port',
    description: 'port of the recall service over HTTP and JSON, at --host; 0 turns it off',
  }),
  console: z.boolean().default(false).meta({
    flag: 'console',
    description: 'a page in the browser on the HTTP port, at /console/: recommendations, versions and metrics',
  }),
  adminHost: z
    .string()
    .min(1)
    .default('127.0.0.1')
    .meta({ flag: 'admin-host', description: 'address of the admin service' }),
  adminPort: port()
    .default(50_052)
    .meta({ flag: 'admin-port', description: 'port of the admin service; 0 takes a free one' }),
  metricsHost: z
    .string()
    .min(1)
    .default('0.0.0.0')
    .meta({ flag: 'metrics-host', description: 'address of /metrics, /healthz and /readyz' }),
  metricsPort: port()
    .default(9464)
    .meta({ flag: 'metrics-port', description: 'port of /metrics, /healthz and /readyz; 0 takes a free one' }),
  maxTopK: z
    .int()
    .min(1)
    .max(10_000)
    .default(1000)
    .meta({ flag: 'max-top-k', description: 'largest top_k of a request', unit: 'items' }),
  maxBatch: z
    .int()
    .min(1)
    .max(10_000)
    .default(256)
    .meta({ flag: 'max-batch', description: 'largest number of requests in one BatchRecall', unit: 'users' }),
  maxEfSearch: z
    .int()
    .min(1)
    .max(100_000)
    .default(2000)
    .meta({ flag: 'max-ef-search', description: 'largest ef_search of a request' }),
  maxInFlight: z
    .int()
    .min(1)
    .max(1_000_000)
    .default(256)
    .meta({ flag: 'max-in-flight', description: 'users processed at once before calls are refused', unit: 'users' }),
  latencyTargetMs: z.int().min(0).max(3_600_000).default(15).meta({
    flag: 'latency-target',
    description: 'fewer calls are admitted while most calls of one user take longer; 0 turns this off',
    unit: 'milliseconds',
  }),
  maxCallsPerConnection: z.int().min(1).max(1_000_000).default(64).meta({
    flag: 'max-calls-per-connection',
    description: 'calls at once on one connection; further ones wait at the client',
    unit: 'calls',
  }),
  maxIds: z.int().min(1).max(1_000_000).default(10_000).meta({
    flag: 'max-ids',
    description: 'largest number of ids in the history and the exclusions of one user together',
    unit: 'ids',
  }),
  maxConnections: z.int().min(1).max(1_000_000).default(1000).meta({
    flag: 'max-connections',
    description: 'connections open at once on each port; further ones are closed immediately',
    unit: 'connections',
  }),
  maxConnectionIdleMs: z.int().min(0).max(86_400_000).default(600_000).meta({
    flag: 'max-connection-idle',
    description: 'time without a call after which a connection is closed; 0 keeps it',
    unit: 'milliseconds',
  }),
  transferTimeoutMs: z.int().min(100).max(3_600_000).default(20_000).meta({
    flag: 'transfer-timeout',
    description: 'time for a request to arrive, and for a response to be received',
    unit: 'milliseconds',
  }),
  searchThreads: z
    .int()
    .min(0)
    .max(1024)
    .default(0)
    .meta({ flag: 'search-threads', description: 'threads that search the index; 0 uses one for each core' }),
  workers: z
    .int()
    .min(1)
    .max(1024)
    .default(1)
    .meta({ flag: 'workers', description: 'processes that share the port of the recall service' }),
  liveRecallEvery: z.int().min(0).max(1_000_000_000).default(0).meta({
    flag: 'live-recall-every',
    description: 'one search in this many is compared with every item after it is answered; 0 compares none',
    unit: 'searches',
  }),
  logServed: z.string().default('').meta({
    flag: 'log-served',
    description: 'folder for a sample of requests and answers, which train reads; without one, none are kept',
  }),
  logServedShare: z
    .number()
    .gt(0)
    .max(1)
    .default(1)
    .meta({ flag: 'log-served-share', description: 'share of the answers that are kept, drawn at random' }),
  logServedMaxMib: z.int().min(16).max(16_777_216).default(1024).meta({
    flag: 'log-served-max-mib',
    description: 'space for these files, beyond which the oldest are deleted',
    unit: 'MiB',
  }),
  loadTimeoutMs: z.int().min(1000).max(86_400_000).default(600_000).meta({
    flag: 'load-timeout',
    description: 'time for a version to load before the attempt is abandoned and repeated later',
    unit: 'milliseconds',
  }),
  drainTimeoutMs: z.int().min(0).max(3_600_000).default(15_000).meta({
    flag: 'drain-timeout',
    description: 'time for calls in flight to finish when the server stops',
    unit: 'milliseconds',
  }),
  keepaliveTimeMs: z.int().min(1000).max(86_400_000).default(60_000).meta({
    flag: 'keepalive-time',
    description: 'silence on a connection before it is checked',
    unit: 'milliseconds',
  }),
  keepaliveTimeoutMs: z.int().min(100).max(3_600_000).default(20_000).meta({
    flag: 'keepalive-timeout',
    description: 'wait for the answer to that check before the connection is closed',
    unit: 'milliseconds',
  }),
  maxConnectionAgeMs: z.int().min(0).max(86_400_000).default(0).meta({
    flag: 'max-connection-age',
    description: 'age at which a connection is closed gently, so that clients are redistributed; 0 keeps it',
    unit: 'milliseconds',
  }),
  tlsCert: z
    .string()
    .default('')
    .meta({ flag: 'tls-cert', description: 'PEM file of the certificate chain; without one there is no TLS' }),
  tlsKey: z.string().default('').meta({ flag: 'tls-key', description: 'PEM file of the private key' }),
  tlsClientCa: z.string().default('').meta({
    flag: 'tls-client-ca',
    description: 'PEM file of the authorities of client certificates, which are then required (mutual TLS)',
  }),
  tokenFile: z.string().default('').meta({
    flag: 'token-file',
    description: 'file of the accepted bearer tokens, one a line; without one, every call is accepted',
  }),
  secretsRefreshMs: z.int().min(10).max(86_400_000).default(10_000).meta({
    flag: 'secrets-refresh',
    description: 'how often the files of certificates, keys and tokens are checked for changes',
    unit: 'milliseconds',
  }),
  logLevel: z
    .enum(['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'])
    .default('info')
    .meta({ flag: 'log-level', description: 'least important log lines shown; debug has one for each call' }),
});

export type ServerConfig = z.output<typeof serverSchema>;
