import { parseAllDocuments } from 'yaml';
import { z } from 'zod';
import { Deployment, StatefulSet } from 'kubernetes-models/apps/v1';
import { HorizontalPodAutoscaler } from 'kubernetes-models/autoscaling/v2';
import { CronJob } from 'kubernetes-models/batch/v1';
import { NetworkPolicy } from 'kubernetes-models/networking.k8s.io/v1';
import { PodDisruptionBudget } from 'kubernetes-models/policy/v1';
import { PersistentVolumeClaim, Service, ServiceAccount } from 'kubernetes-models/v1';

const headSchema = z.looseObject({
  apiVersion: z.string(),
  kind: z.string(),
  metadata: z.looseObject({ name: z.string() }),
});

export type Manifest = z.output<typeof headSchema>;

/** Checks a manifest by the schema of Kubernetes' own API. */
type Check = (manifest: object) => void;

const checks: Readonly<Record<string, Check | undefined>> = {
  'v1 ServiceAccount': (manifest) => {
    new ServiceAccount(manifest).validate();
  },
  'v1 PersistentVolumeClaim': (manifest) => {
    new PersistentVolumeClaim(manifest).validate();
  },
  'v1 Service': (manifest) => {
    new Service(manifest).validate();
  },
  'apps/v1 Deployment': (manifest) => {
    new Deployment(manifest).validate();
  },
  'apps/v1 StatefulSet': (manifest) => {
    new StatefulSet(manifest).validate();
  },
  'autoscaling/v2 HorizontalPodAutoscaler': (manifest) => {
    new HorizontalPodAutoscaler(manifest).validate();
  },
  'batch/v1 CronJob': (manifest) => {
    new CronJob(manifest).validate();
  },
  'networking.k8s.io/v1 NetworkPolicy': (manifest) => {
    new NetworkPolicy(manifest).validate();
  },
  'policy/v1 PodDisruptionBudget': (manifest) => {
    new PodDisruptionBudget(manifest).validate();
  },
};

/**
 * Reads the manifests of a YAML text.
 * @throws Error that names the manifest and the field that Kubernetes would refuse
 */
export function readManifests(text: string): Manifest[] {
  return parseAllDocuments(text).map((document) => {
    for (const error of document.errors) throw error;
    const manifest = headSchema.parse(document.toJS());
    const name = `${manifest.apiVersion} ${manifest.kind}`;
    const check = checks[name];
    if (check === undefined) throw new Error(`The test knows no schema for ${name}.`);
    try {
      check(manifest);
    } catch (cause) {
      throw new Error(`${name} ${manifest.metadata.name}: ${String(cause)}`, { cause });
    }
    return manifest;
  });
}
