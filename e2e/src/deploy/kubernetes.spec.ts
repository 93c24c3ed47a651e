import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, realpathSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { parse, stringify } from 'yaml';
import { z } from 'zod';
import { temporaryFolder, workspaceRoot } from '../cli';
import { renderChart } from './helm-chart';
import { ChartError } from './helm-expression';
import { readManifests, type Manifest } from './manifests';

const kustomize = join(workspaceRoot, 'deploy/kustomize');
const chart = join(workspaceRoot, 'deploy/helm/vector-recall');
const folder = temporaryFolder();
const read = (file: string): string => readFileSync(join(kustomize, file), 'utf8');

const podSchema = z.looseObject({
  enableServiceLinks: z.literal(false),
  automountServiceAccountToken: z.literal(false),
  securityContext: z.looseObject({ runAsNonRoot: z.literal(true), runAsUser: z.literal(1000) }),
  containers: z.array(
    z.looseObject({
      image: z.string(),
      args: z.array(z.string()),
      resources: z.object({
        requests: z.object({ cpu: z.string(), memory: z.string() }),
        limits: z.object({ memory: z.string() }),
      }),
      securityContext: z.looseObject({
        readOnlyRootFilesystem: z.literal(true),
        allowPrivilegeEscalation: z.literal(false),
      }),
      volumeMounts: z.array(z.looseObject({ name: z.string() })),
    }),
  ),
  volumes: z.array(z.looseObject({ name: z.string() })),
});
/** A Deployment or a StatefulSet. */
const serversSchema = z.looseObject({
  spec: z.looseObject({
    replicas: z.int(),
    template: z.looseObject({ spec: podSchema }),
    /** Of a StatefulSet: a volume of each pod. */
    volumeClaimTemplates: z.array(z.looseObject({ metadata: z.object({ name: z.string() }) })).default([]),
  }),
});
const cronSchema = z.looseObject({
  spec: z.looseObject({
    jobTemplate: z.looseObject({ spec: z.looseObject({ template: z.looseObject({ spec: podSchema }) }) }),
  }),
});

const isServers = ({ kind }: Manifest): boolean => kind === 'Deployment' || kind === 'StatefulSet';

/** The pods that manifests start. */
function podsOf(manifests: readonly Manifest[]): z.output<typeof podSchema>[] {
  return manifests.flatMap((manifest) => {
    if (isServers(manifest)) return [serversSchema.parse(manifest).spec.template.spec];
    if (manifest.kind === 'CronJob') return [cronSchema.parse(manifest).spec.jobTemplate.spec.template.spec];
    return [];
  });
}

const kustomized = (): Manifest[] => {
  const { resources } = z.looseObject({ resources: z.array(z.string()) }).parse(parse(read('base/kustomization.yaml')));
  expect([...resources, 'kustomization.yaml'].toSorted()).toEqual(readdirSync(join(kustomize, 'base')));
  return resources.flatMap((file) => readManifests(read(`base/${file}`)));
};
const charted = (values?: Readonly<Record<string, unknown>>): Manifest[] =>
  [...renderChart(chart, 'recall', values).values()].flatMap(readManifests);

/** What Kustomize makes of the base and components, as `kubectl` does it. */
function composed(components: readonly string[]): Manifest[] {
  const overlay = realpathSync(mkdtempSync(join(folder, 'overlay-')));
  const path = relative(overlay, realpathSync(kustomize));
  const names = components.map((name) => `${path}/components/${name}`);
  writeFileSync(join(overlay, 'kustomization.yaml'), stringify({ resources: [`${path}/base`], components: names }));
  return readManifests(execFileSync('kubectl', ['kustomize', overlay], { encoding: 'utf8' }));
}

/** In the order of their kinds, with the names of Helm and images without tags. */
function comparable(manifests: readonly Manifest[]): Manifest[] {
  const text = JSON.stringify(manifests)
    .replaceAll(/(recall-(?:server|trainer)):0\.1\.0/g, '$1')
    .replaceAll('"vector-recall"', '"recall"')
    .replaceAll(/"vector-recall-(artifacts|train)"/g, '"recall-$1"');
  return z
    .array(z.custom<Manifest>())
    .parse(JSON.parse(text))
    .toSorted((a, b) => a.kind.localeCompare(b.kind));
}

const serversOf = (manifests: readonly Manifest[]): z.output<typeof serversSchema>['spec'] =>
  serversSchema.parse(manifests.find(isServers)).spec;

const everyKind = [
  'CronJob',
  'Deployment',
  'HorizontalPodAutoscaler',
  'NetworkPolicy',
  'PersistentVolumeClaim',
  'PodDisruptionBudget',
  'Service',
  'ServiceAccount',
];

describe('manifests of Kubernetes', () => {
  it.each([
    ['Kustomize', kustomized],
    ['Helm', charted],
  ])('%s starts three servers and a trainer, locked down, by the schemas of the API', (_, manifestsOf) => {
    const manifests = manifestsOf();
    expect(manifests.map(({ kind }) => kind).toSorted()).toEqual(everyKind);
    expect(serversSchema.parse(manifests.find(({ kind }) => kind === 'Deployment')).spec.replicas).toBe(3);
    const pods = podsOf(manifests);
    expect(pods).toHaveLength(2);
    for (const { containers, volumes } of pods) {
      const mounted = containers.flatMap(({ volumeMounts }) => volumeMounts.map(({ name }) => name));
      expect(mounted.toSorted()).toEqual(volumes.map(({ name }) => name).toSorted());
    }
  });

  it('Helm and Kustomize say the same', () => {
    expect(comparable(charted())).toEqual(comparable(kustomized()));
  });

  it('Helm serves from a bucket without a volume, and leaves out what is turned off', () => {
    const manifests = charted({
      'artifacts.bucket': 's3://models/shop',
      'artifacts.credentialsSecret': 'bucket-key',
      'autoscaler.enabled': false,
    });
    const left = everyKind.filter((kind) => !/Autoscaler|VolumeClaim/.test(kind));
    expect(manifests.map(({ kind }) => kind).toSorted()).toEqual(left);
    const pods = podsOf(manifests);
    expect(pods).toHaveLength(2);
    for (const { containers, volumes } of pods) {
      expect(containers[0].args).toContain('s3://models/shop');
      expect(containers[0]).toMatchObject({ envFrom: [{ secretRef: { name: 'bucket-key' } }] });
      expect(volumes.map(({ name }) => name)).not.toContain('artifacts');
    }
    expect(charted({ 'train.enabled': false }).map(({ kind }) => kind)).not.toContain('CronJob');
  });

  it('a manifest that Kubernetes would refuse, or a template that is not tested, is an error', () => {
    const broken = read('base/deployment.yaml').replace('replicas: 3', 'replicas: three');
    expect(() => readManifests(broken)).toThrow(/apps\/v1 Deployment vector-recall: .*replicas must be integer/);
    expect(() => renderChart(chart, 'recall', { 'artifacts.bucket': undefined })).toThrow(ChartError);
  });
});

describe('changes while serving', () => {
  const stream = { 'live.enabled': true, 'live.changesSecret': 'vector-recall-changes' };
  const alone = { 'live.enabled': true, replicas: 1, 'autoscaler.enabled': false };
  const http = { 'http.enabled': true, 'http.console': true };

  it('Helm gives each server a volume, and all of them one stream', () => {
    const manifests = charted(stream);
    const kinds = everyKind.map((kind) => (kind === 'Deployment' ? 'StatefulSet' : kind)).toSorted();
    expect(manifests.map(({ kind }) => kind).toSorted()).toEqual(kinds);
    const { replicas, template, volumeClaimTemplates } = serversOf(manifests);
    expect(replicas).toBe(3);
    const [{ args, volumeMounts, ...server }] = template.spec.containers;
    expect(args.slice(-2)).toEqual(['--live', '/srv/live/changes']);
    expect(volumeMounts).toContainEqual({ name: 'live', mountPath: '/srv/live' });
    expect(volumeClaimTemplates.map(({ metadata }) => metadata.name)).toEqual(['live']);
    const valueFrom = { secretKeyRef: { name: 'vector-recall-changes', key: 'address' } };
    expect(server).toMatchObject({ env: [{ name: 'VECTOR_RECALL_CHANGES', valueFrom }] });
    const find = (kind: string): Manifest | undefined => manifests.find((manifest) => manifest.kind === kind);
    expect(find('HorizontalPodAutoscaler')).toMatchObject({ spec: { scaleTargetRef: { kind: 'StatefulSet' } } });
    expect(JSON.stringify(find('NetworkPolicy'))).toContain('"port":4222');
  });

  it('Helm takes the address of a stream as it is, and the class of the volumes', () => {
    const address = 'nats://nats-1:4222,nats-2:4222/CHANGES?replicas=3';
    const values = { 'live.enabled': true, 'live.changes': address, 'live.storageClass': 'fast' };
    const { template, volumeClaimTemplates } = serversOf(charted(values));
    expect(template.spec.containers[0]).toMatchObject({ env: [{ name: 'VECTOR_RECALL_CHANGES', value: address }] });
    expect(volumeClaimTemplates).toMatchObject([{ spec: { storageClassName: 'fast' } }]);
  });

  it('Helm lets a single server do without a stream', () => {
    const manifests = charted(alone);
    expect(serversOf(manifests).template.spec.containers[0]).not.toHaveProperty('env');
    expect(JSON.stringify(manifests)).not.toContain('4222');
  });

  it.each([
    [{ 'live.enabled': true }, /each replica its own changes: set live\.changes to .*, or set replicas to 1/],
    [{ ...alone, replicas: 2 }, /each replica its own changes/],
    [{ ...alone, 'autoscaler.enabled': true }, /autoscaler\.enabled to false/],
    [{ 'live.changes': 'nats://nats:4222/CHANGES' }, /do not follow: set live\.enabled to true/],
    [{ 'http.console': true }, /HTTP port, which is off: set http\.enabled to true/],
  ])('Helm refuses %j', (values, message) => {
    expect(() => charted(values)).toThrow(message);
  });

  it('Helm opens HTTP and the console where they are wanted, and has searches checked', () => {
    const manifests = charted({ ...http, liveRecallEvery: 1000 });
    const [{ args }] = serversOf(manifests).template.spec.containers;
    expect(args.slice(-5)).toEqual(['--http-port', '8080', '--console', '--live-recall-every', '1000']);
    const text = JSON.stringify(manifests);
    expect(text).toContain('{"name":"http","containerPort":8080}');
    expect(text).toContain('{"name":"http","port":8080,"targetPort":"http"}');
    expect(text).toContain('{"port":8080,"protocol":"TCP"}');
  });

  const whereKubectl = spawnSync('kubectl', ['version', '--client']).status === 0 ? it : it.skip;
  whereKubectl.each([
    [['live'], stream],
    [['live-alone'], alone],
    [['http'], http],
    [['live', 'http'], { ...stream, ...http }],
    [['live-alone', 'http'], { ...alone, ...http }],
  ])('the components %j of Kustomize say the same as Helm (needs kubectl)', (components, values) => {
    expect(comparable(composed(components))).toEqual(comparable(charted(values)));
  });
});
