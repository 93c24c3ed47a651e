import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { validate } from 'dockerfile-utils';
import { parse } from 'yaml';
import { z } from 'zod';
import { temporaryFolder, workspaceRoot } from '../cli';
import { Server } from '../server';
import { ChartError, renderChart } from './helm-chart';
import { readManifests, type Manifest } from './manifests';
import { findPromtool } from './promtool';

const deploy = join(workspaceRoot, 'deploy');
const read = (file: string): string => readFileSync(join(deploy, file), 'utf8');
const chart = join(deploy, 'helm/vector-recall');
const folder = temporaryFolder();

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
const deploymentSchema = z.looseObject({
  spec: z.looseObject({ replicas: z.int(), template: z.looseObject({ spec: podSchema }) }),
});
const cronSchema = z.looseObject({
  spec: z.looseObject({
    jobTemplate: z.looseObject({ spec: z.looseObject({ template: z.looseObject({ spec: podSchema }) }) }),
  }),
});

/** The pods that manifests start. */
function podsOf(manifests: readonly Manifest[]): z.output<typeof podSchema>[] {
  return manifests.flatMap((manifest) => {
    if (manifest.kind === 'Deployment') return [deploymentSchema.parse(manifest).spec.template.spec];
    if (manifest.kind === 'CronJob') return [cronSchema.parse(manifest).spec.jobTemplate.spec.template.spec];
    return [];
  });
}

const kustomized = (): Manifest[] => {
  const { resources } = z
    .looseObject({ resources: z.array(z.string()) })
    .parse(parse(read('kustomize/base/kustomization.yaml')));
  expect([...resources, 'kustomization.yaml'].toSorted()).toEqual(readdirSync(join(deploy, 'kustomize/base')));
  return resources.flatMap((file) => readManifests(read(`kustomize/base/${file}`)));
};
const charted = (values?: Readonly<Record<string, unknown>>): Manifest[] =>
  [...renderChart(chart, 'recall', values).values()].flatMap(readManifests);

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
    expect(deploymentSchema.parse(manifests.find(({ kind }) => kind === 'Deployment')).spec.replicas).toBe(3);
    const pods = podsOf(manifests);
    expect(pods).toHaveLength(2);
    for (const { containers, volumes } of pods) {
      const mounted = containers.flatMap(({ volumeMounts }) => volumeMounts.map(({ name }) => name));
      expect(mounted.toSorted()).toEqual(volumes.map(({ name }) => name).toSorted());
    }
  });

  it('Helm and Kustomize say the same', () => {
    const named = JSON.stringify(charted()).replaceAll('recall-server:0.1.0', 'recall-server');
    const asBase = named.replaceAll('recall-trainer:0.1.0', 'recall-trainer');
    const base = JSON.stringify(kustomized())
      .replaceAll('"vector-recall"', '"recall"')
      .replaceAll(/"vector-recall-(artifacts|train)"/g, '"recall-$1"');
    const byKind = (text: string): Manifest[] =>
      z
        .array(z.custom<Manifest>())
        .parse(JSON.parse(text))
        .toSorted((a, b) => a.kind.localeCompare(b.kind));
    expect(byKind(asBase)).toEqual(byKind(base));
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
    const broken = read('kustomize/base/deployment.yaml').replace('replicas: 3', 'replicas: three');
    expect(() => readManifests(broken)).toThrow(/apps\/v1 Deployment vector-recall: .*replicas must be integer/);
    expect(() => renderChart(chart, 'recall', { 'artifacts.bucket': undefined })).toThrow(ChartError);
  });
});

describe('images', () => {
  it.each(['docker/Dockerfile', 'docker/cuda.Dockerfile'])(
    '%s is valid, not run as root, and copies what is there',
    (file) => {
      const text = read(file);
      expect(validate(text).map(({ message }) => message)).toEqual([]);
      const stages = text.split(/^FROM /m).slice(1);
      const finals = stages.filter((stage) => /^ENTRYPOINT/m.test(stage));
      for (const stage of finals) {
        const parent = /^(\S+)/.exec(stage)?.[1];
        const chain = stages.filter((other) => other === stage || other.includes(` AS ${parent}\n`)).join('\n');
        expect(chain).toMatch(/^USER 1000:1000$/m);
      }
      for (const [, script] of text.matchAll(/\/src\/(\S+)/g))
        expect(existsSync(join(workspaceRoot, script))).toBe(true);
    },
  );

  it('compose runs them read-only and without privileges', () => {
    const schema = z.looseObject({ services: z.record(z.string(), z.looseObject({})) });
    const { services } = schema.parse(parse(read('compose/compose.yaml')));
    for (const name of ['server', 'trainer']) {
      expect(services[name]).toMatchObject({ read_only: true, cap_drop: ['ALL'], build: { target: name } });
    }
  });
});

describe('observability', () => {
  const ours = /\b(?:vector_recall|process|nodejs)_[a-z0-9_]+/g;
  const alerts = read('prometheus/alerts.yml');
  const dashboard = read('compose/grafana/dashboards/vector-recall.json');

  it('names only metrics that the server has', async () => {
    const server = await Server.start(join(folder, 'empty'));
    const { text } = await server.page('/metrics');
    await server.stop();
    const families = Array.from(text.matchAll(/^# TYPE (\S+) (\S+)$/gm), ([, name, type]) =>
      type === 'histogram' ? [`${name}_bucket`, `${name}_sum`, `${name}_count`] : [name],
    ).flat();
    const expressions = [
      ...Array.from(dashboard.matchAll(/"expr": "(.*)"/g), ([, expression]) => expression),
      ...Array.from(alerts.matchAll(/expr: ([\s\S]*?)\n {8}(?:for|labels):/g), ([, expression]) => expression),
      /metric: \{ name: (\S+) \}/.exec(read('kustomize/base/autoscaler.yaml'))?.[1] ?? '',
    ];
    expect(expressions.length).toBeGreaterThan(20);
    const used = new Set(expressions.flatMap((expression) => expression.match(ours) ?? []));
    expect([...used].filter((name) => !families.includes(name))).toEqual([]);
  });

  it('shows no panel twice and none beside the grid', () => {
    const panelSchema = z.object({
      title: z.string(),
      gridPos: z.object({ x: z.int(), y: z.int(), w: z.int(), h: z.int() }),
      targets: z.array(z.object({ expr: z.string().min(1) })).min(1),
    });
    const { panels } = z.looseObject({ panels: z.array(panelSchema).min(1) }).parse(JSON.parse(dashboard));
    expect(new Set(panels.map(({ title }) => title)).size).toBe(panels.length);
    expect(panels.filter(({ gridPos: { x, w } }) => x + w > 24)).toEqual([]);
    expect(new Set(panels.map(({ gridPos: { x, y } }) => `${x} ${y}`)).size).toBe(panels.length);
  });

  const promtool = findPromtool();
  const wherePromtool = promtool === undefined ? it.skip : it;
  wherePromtool("alerts and configuration pass Prometheus' own checks and fire as they should (needs promtool)", () => {
    const run = (...args: string[]): string =>
      execFileSync(promtool ?? '', args, { cwd: join(deploy, 'prometheus'), encoding: 'utf8' });
    expect(run('check', 'config', 'prometheus.yml')).toMatch(/SUCCESS: .*rules found/);
    expect(run('test', 'rules', 'alerts.test.yml')).toContain('SUCCESS');
  });
});
