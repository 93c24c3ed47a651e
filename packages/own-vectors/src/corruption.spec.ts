import { createHash } from 'node:crypto';
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { HnswIndex, openSearchIndex } from '@vector-recall/hnsw-index';
import { openArtifact, readCatalogue, readNpy, writeNpy } from '@vector-recall/model-store';
import { RandomStream } from '@vector-recall/random';
import { z } from 'zod';
import { buildVectorIndex } from './build/build-vector-index';

const ITEMS = 150;
const DIM = 8;

/** The long form, 1000, is `nx run own-vectors:corruptions`. */
const rounds = Number(process.env.VECTOR_RECALL_CORRUPTIONS ?? 40);

/** What a damaged artifact may end with; anything else, and a crash, is a fault of ours. */
const codes = ['ARTIFACT_FILE_INVALID', 'INDEX_FILE_INVALID', 'CATALOGUE_INVALID', 'INDEX_ARGUMENT_INVALID'];

const manifestSchema = z.looseObject({
  files: z.record(z.string(), z.object({ sha256: z.string(), bytes: z.number() })),
});
const metaSchema = z.looseObject({ sha256: z.string(), bytes: z.number() });

const random = new RandomStream(16, 'corruption');
let folder: string;
let sound: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'corruption-'));
  const vectors = join(folder, 'vectors.npy');
  await writeNpy(
    vectors,
    Float32Array.from({ length: ITEMS * DIM }, () => random.normal()),
    [ITEMS, DIM],
  );
  const { artifact } = await buildVectorIndex({
    vectors,
    out: join(folder, 'store'),
    space: 'l2',
    hnsw: { m: 4, efConstruction: 40, efSearch: 40, targetRecall: 0.9 },
    topK: 10,
    float32: 'kept',
    seed: 1,
  });
  sound = artifact.path;
});
afterAll(async () => {
  await rm(folder, { recursive: true });
});

/** A few bytes changed, more often at the start, where the sizes are; sometimes cut short or made longer. */
function damaged(content: Buffer): Buffer {
  const bytes = Buffer.from(content);
  for (let change = 0; change <= random.integer(4); change++) {
    const range = random.integer(2) === 0 ? Math.min(256, bytes.length) : bytes.length;
    if (range > 0) bytes[random.integer(range)] = random.integer(3) === 0 ? 0xff : random.integer(256);
  }
  const kind = random.integer(10);
  if (kind === 0) return bytes.subarray(0, random.integer(bytes.length + 1));
  return kind === 1 ? Buffer.concat([bytes, bytes.subarray(0, 64)]) : bytes;
}

const sealOf = (bytes: Buffer) => ({ sha256: createHash('sha256').update(bytes).digest('hex'), bytes: bytes.length });

/** Damages a file, and puts right every checksum that would tell of it, as somebody who means harm would. */
async function corrupt(version: string): Promise<string> {
  const manifestFile = join(version, 'manifest.json');
  const manifest = manifestSchema.parse(JSON.parse(await readFile(manifestFile, 'utf8')));
  const names = Object.keys(manifest.files).filter((name) => name !== 'metrics.json');
  const name = names[random.integer(names.length)];
  const bytes = damaged(await readFile(join(version, name)));
  await writeFile(join(version, name), bytes);
  manifest.files[name] = sealOf(bytes);
  if (name === 'hnsw.bin') {
    const metaFile = join(version, 'hnsw.meta.json');
    const meta = metaSchema.parse(JSON.parse(await readFile(metaFile, 'utf8')));
    const text = Buffer.from(JSON.stringify({ ...meta, ...sealOf(bytes) }));
    await writeFile(metaFile, text);
    manifest.files['hnsw.meta.json'] = sealOf(text);
  }
  await writeFile(manifestFile, JSON.stringify(manifest));
  return name;
}

/** Opens and searches it in every way there is. @returns the code of the error, or `sound` */
async function tryAll(version: string): Promise<string[]> {
  const vector = new Float32Array(DIM).fill(0.5);
  const attempts = [
    async () => {
      const artifact = await openArtifact(version);
      await readCatalogue(artifact);
      await readNpy(artifact.path('items.npy'), 'float32');
    },
    async () => {
      const { index } = await openSearchIndex(version, { threads: 1 });
      await index.searchMany([{ vector: vector.subarray(0, index.dim), k: 10 }]);
      await index.close();
    },
    async () => (await HnswIndex.load(version)).search(vector, 10),
  ];
  const ends: string[] = [];
  for (const attempt of attempts) {
    ends.push(
      await attempt().then(
        () => 'sound',
        (error: unknown) => z.looseObject({ code: z.string() }).safeParse(error).data?.code ?? String(error),
      ),
    );
  }
  return ends;
}

jest.setTimeout(600_000);

it(`survives ${rounds} corruptions whose checksums were put right`, async () => {
  const seen = new Set<string>();
  for (let round = 0; round < rounds; round++) {
    const version = join(folder, 'version');
    await cp(sound, version, { recursive: true });
    const name = await corrupt(version);
    for (const end of await tryAll(version)) {
      seen.add(end);
      if (end !== 'sound' && !codes.includes(end)) throw new Error(`${name} in round ${round}: ${end}`);
    }
    await rm(version, { recursive: true });
  }
  // Were every corruption refused, or none, nothing would have been tried.
  expect(seen).toContain('sound');
  expect(seen).toContain('INDEX_FILE_INVALID');
});
