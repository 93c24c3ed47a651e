import { readIntegers } from '@vector-recall/model-store';
import { openEngine } from './engine';
import { buildByAddPoint, openHnswlib } from './hnswlib';
import { readMatrix, type Matrix } from './matrix';
import type { EngineJob, EngineMeasurement } from './measurement';
import { sweep, type Searchable } from './sweep';
import { openUsearch } from './usearch';

const openers: Record<string, (job: EngineJob, queries: Matrix) => Promise<Searchable>> = {
  engine: openEngine,
  'hnswlib-node': openHnswlib,
  usearch: openUsearch,
};

async function measure(name: string, job: EngineJob): Promise<EngineMeasurement> {
  const queries = await readMatrix(job.queries);
  const { values } = await readIntegers(job.truth);
  const truth = Array.from({ length: queries.rows }, (_, row) =>
    Int32Array.from(values.subarray(row * job.k, (row + 1) * job.k)),
  );
  const index = await openers[name](job, queries);
  const points = await sweep(index, { truth, settings: job.settings, enough: job.enough });
  await index.close();
  return { buildSeconds: index.buildSeconds, bytesPerVector: index.bytesPerVector, points };
}

/** `node engine-process.js NAME JOB`, the job as JSON; prints what was measured as JSON. */
async function main(): Promise<void> {
  const [name, text] = process.argv.slice(2);
  const job = JSON.parse(text) as EngineJob;
  const answer = name === 'add-point' ? await buildByAddPoint(job) : await measure(name, job);
  process.stdout.write(JSON.stringify(answer));
}

void main();
