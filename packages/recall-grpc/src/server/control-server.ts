import type { Server as HttpServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { adminMethods } from '../handlers/admin-methods';
import { ServerMetrics } from '../observe/metrics';
import { serveMetrics, type EndpointSources } from '../observe/metrics-endpoint';
import { openSecrets, type SecretOptions, type Secrets } from '../security/open-secrets';
import { adminLimit, CallGate } from '../pipeline/call-gate';
import { Pipeline } from '../pipeline/pipeline';
import { GrpcPort } from '../transport/grpc-port';
import type { ModelAdmin } from '../contract/model-source';

export interface ControlServerOptions extends SecretOptions, EndpointSources {
  readonly admin: ModelAdmin;
}

/** The admin service and the metrics endpoint on their own, for a process whose workers have the recall service. */
export class ControlServer {
  private constructor(
    private readonly secrets: Secrets,
    private readonly admin: GrpcPort,
    private readonly endpoint: HttpServer,
  ) {}

  /** @throws ListenError, SecretFileError */
  static async start(options: ControlServerOptions): Promise<ControlServer> {
    const { config, logger, admin, registry, whyNotReady } = options;
    const secrets = await openSecrets(options);
    let port: GrpcPort | undefined;
    try {
      const service = 'recall.v1.AdminService';
      const { tokens, credentials } = secrets;
      const metrics = new ServerMetrics({
        inFlight: () => 0,
        inFlightLimit: () => 0,
        model: () => undefined,
        versions: () => [],
        searchQueue: () => 0,
      });
      port = await GrpcPort.open({
        title: 'admin service',
        host: config.adminHost,
        port: config.adminPort,
        config,
        credentials,
        service,
        methods: adminMethods(admin),
        pipeline: new Pipeline({ tokens, metrics, logger, service, gate: new CallGate(adminLimit) }),
      });
      port.health.set(true);
      const endpoint = await serveMetrics(config.metricsHost, config.metricsPort, { registry, whyNotReady });
      return new ControlServer(secrets, port, endpoint);
    } catch (error) {
      await port?.close(0);
      secrets.close();
      throw error;
    }
  }

  get ports(): { readonly admin: number; readonly metrics: number | undefined } {
    const address: AddressInfo | string | null = this.endpoint.address();
    return { admin: this.admin.port, metrics: typeof address === 'object' ? address?.port : undefined };
  }

  async close(): Promise<void> {
    await this.admin.close(0);
    this.endpoint.closeAllConnections();
    this.endpoint.close();
    this.secrets.close();
  }
}
