import { z } from 'zod';

const width = (flag: string, description: string, value: number) =>
  z.int().min(2).max(4096).default(value).meta({ flag, description, unit: 'dimensions' });

/** The shape of both towers. Inputs that the data lacks drop out of the concatenation. */
export const modelSchema = z.strictObject({
  embeddingDim: width('embedding-dim', 'width of the vectors that both towers produce', 128),
  itemItemDim: z.int().min(0).max(4096).default(0).meta({
    flag: 'item-item-dim',
    description:
      'columns of an item-item term, which is added to the vectors if validation is reliably better with it; 0 for none',
    unit: 'dimensions',
  }),
  idDim: width('id-dim', 'width of the user-id and item-id embeddings', 64),
  itemIdStart: z.enum(['attributes', 'random']).default('attributes').meta({
    flag: 'item-id-start',
    description: 'what item-id embeddings are drawn from; attributes lets items that are alike start together',
  }),
  categoryDim: width('category-dim', 'width of the category embedding', 32),
  tagDim: width('tag-dim', 'width of the tag embedding', 32),
  featureDim: width('feature-dim', 'width of the projected dense features', 64),
  historyDim: width('history-dim', 'width of the encoded history', 64),
  trunk: z
    .enum(['layers', 'sum'])
    .default('layers')
    .meta({
      flag: 'trunk',
      description:
        'what follows the inputs of a tower: layers puts them side by side before the hidden layers and a projection, ' +
        'sum gives each the width of the vectors and adds them up',
    }),
  hiddenDims: z
    .array(z.int().min(2).max(8192))
    .max(8)
    .default([256, 128])
    .meta({ flag: 'hidden-dims', description: 'widths of the hidden layers of both towers', unit: 'dimensions' }),
  dropout: z
    .number()
    .min(0)
    .lt(1)
    .default(0.1)
    .meta({ flag: 'dropout', description: 'share of hidden units dropped in training' }),
  historyEncoder: z
    .enum(['none', 'mean', 'recency', 'transformer'])
    .default('mean')
    .meta({ flag: 'history-encoder', description: 'how the recent items of a user become one vector' }),
  historyLength: z
    .int()
    .min(1)
    .max(1000)
    .default(20)
    .meta({ flag: 'history-length', description: 'recent items that the history encoder reads', unit: 'items' }),
  historyBlocks: z.int().min(1).max(4).default(1).meta({
    flag: 'history-blocks',
    description: 'blocks of --history-encoder transformer; each after the first multiplies the time that serving takes',
    unit: 'blocks',
  }),
  historyHeads: z.int().min(1).max(16).default(2).meta({
    flag: 'history-heads',
    description: 'attention heads of a transformer block; they divide embedding-dim',
    unit: 'heads',
  }),
  historyDropout: z.number().min(0).lt(1).default(0.3).meta({
    flag: 'history-dropout',
    description: 'share of the inputs and hidden units of --history-encoder transformer that is dropped in training',
  }),
  halfLives: z.array(z.int().min(1).max(10_000)).max(16).default([1, 4, 16]).meta({
    flag: 'half-lives',
    description: 'ages at which an item counts half with --history-encoder recency',
    unit: 'items',
  }),
});

export type ModelConfig = z.output<typeof modelSchema>;
