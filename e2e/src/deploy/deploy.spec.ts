import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { validate } from 'dockerfile-utils';
import { parse } from 'yaml';
import { z } from 'zod';
import { temporaryFolder, workspaceRoot } from '../cli';
import { Server } from '../server';
import { findPromtool } from './promtool';

const deploy = join(workspaceRoot, 'deploy');
const read = (file: string): string => readFileSync(join(deploy, file), 'utf8');
const folder = temporaryFolder();

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

  const composeSchema = z.looseObject({ services: z.record(z.string(), z.looseObject({})) });

  it('compose runs them read-only and without privileges', () => {
    const { services } = composeSchema.parse(parse(read('compose/compose.yaml')));
    for (const name of ['server', 'trainer']) {
      expect(services[name]).toMatchObject({ read_only: true, cap_drop: ['ALL'], build: { target: name } });
    }
  });

  it('compose keeps changes on a volume that the user of the image may write', () => {
    const { server } = composeSchema.parse(parse(read('compose/live.yaml'))).services;
    expect(server).toMatchObject({ volumes: ['live:/srv/live'] });
    expect(server.command).toContain('--live=/srv/live/changes');
    expect(read('docker/Dockerfile')).toMatch(/chown 1000:1000 .*\/srv\/live /);
  });
});

describe('observability', () => {
  const ours = /\b(?:vector_recall|process|nodejs)_[a-z0-9_]+/g;
  const alerts = read('prometheus/alerts.yml');
  const dashboard = read('compose/grafana/dashboards/vector-recall.json');

  it('names only metrics that the server has', async () => {
    // The metrics of a stream exist as soon as it has an address, whether or not a broker answers there.
    const changes = ['--live', join(folder, 'changes'), '--changes', 'nats://127.0.0.1:1/CHANGES'];
    const server = await Server.start(join(folder, 'empty'), changes);
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
    expect(expressions.length).toBeGreaterThan(40);
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
