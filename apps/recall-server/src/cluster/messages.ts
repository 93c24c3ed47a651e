import { z } from 'zod';

/**
 * Set in the environment of a worker that takes the place of another: it loads its model before it opens the port, so that
 * it is handed no connection that it can't serve.
 */
export const LOADS_FIRST = 'VECTOR_RECALL_WORKER_LOADS_FIRST';

/** Of a copy of an index in memory that all workers map. */
const placeSchema = z.object({ path: z.string(), inode: z.string() });

const standingSchema = z.object({
  deniedItemIds: z.array(z.union([z.number(), z.string()])),
  filter: z.string().optional(),
});

const reloadSchema = z.object({
  version: z.string(),
  previousVersion: z.string().optional(),
  loadMs: z.number(),
});

const versionsSchema = z.array(z.object({ version: z.string(), promoted: z.boolean(), serving: z.boolean() }));

/** What the primary process tells a worker. */
const orderSchema = z.discriminatedUnion('order', [
  /** Load a version, the promoted one where none is named, and answer. */
  z.object({ order: z.literal('reload'), id: z.int(), version: z.string().optional() }),
  /** Answer at once, to show that the event loop turns. */
  z.object({ order: z.literal('show-life'), id: z.int() }),
  /** Tell the metrics. */
  z.object({ order: z.literal('metrics'), id: z.int() }),
  /** Where the copy of the index is that was asked for; without a place, the worker makes its own. */
  z.object({ order: z.literal('map-index'), id: z.int(), place: placeSchema.optional() }),
  /** Take these changes up, which are durable, and answer. */
  z.object({ order: z.literal('apply'), id: z.int(), entries: z.array(z.string()) }),
  /** The changes that the worker asked for with this number were made, and every worker has them. */
  z.object({ order: z.literal('written'), write: z.int(), outcomes: z.array(z.enum(['applied', 'repeated'])) }),
  z.object({ order: z.literal('not-written'), write: z.int(), code: z.string(), message: z.string() }),
  /** Say whether these rules fit the model in use. */
  z.object({ order: z.literal('check-standing'), id: z.int(), standing: standingSchema }),
  /** Read the file of standing rules anew, and answer when requests that begin later go by it. */
  z.object({ order: z.literal('reread-standing'), id: z.int() }),
  /** The metrics of all workers, as it asked for them. */
  z.object({ order: z.literal('told-metrics'), id: z.int(), text: z.string() }),
  /** The versions of the store, as it asked for them. */
  z.object({ order: z.literal('told-versions'), id: z.int(), versions: versionsSchema }),
  /** The promotion that it asked for is made, and every worker serves the version. */
  z.object({ order: z.literal('promoted'), id: z.int(), reload: reloadSchema }),
  z.object({ order: z.literal('not-told'), id: z.int(), code: z.string(), message: z.string() }),
  /** Finish the calls in flight and end. */
  z.object({ order: z.literal('stop') }),
]);

export type Order = z.output<typeof orderSchema>;

/** What a worker tells the primary process. */
const newsSchema = z.discriminatedUnion('news', [
  z.object({ news: z.literal('listening'), port: z.int() }),
  /** It can't start, for a reason that would stop any other worker too. */
  z.object({ news: z.literal('failed'), code: z.string(), message: z.string() }),
  /** The version that it answers from now. */
  z.object({ news: z.literal('serving'), version: z.string() }),
  z.object({ news: z.literal('alive'), id: z.int() }),
  /** It asks for a copy of a serving file that all workers can map. */
  z.object({ news: z.literal('wants-index'), id: z.int(), file: z.string() }),
  /** It is about to read the log of changes, and from now on has to be told of those that are made. */
  z.object({ news: z.literal('follows') }),
  z.object({ news: z.literal('applied'), id: z.int() }),
  z.object({ news: z.literal('standing-fits'), id: z.int() }),
  z.object({ news: z.literal('standing-read'), id: z.int() }),
  /** Asks for changes to be made. */
  z.object({ news: z.literal('write'), write: z.int(), entries: z.array(z.string()) }),
  /** In the form in which `prom-client` puts those of several processes together. */
  z.object({ news: z.literal('metrics'), id: z.int(), metrics: z.array(z.looseObject({})) }),
  z.object({ news: z.literal('reloaded'), id: z.int(), reload: reloadSchema }),
  /** It asks for the metrics of all workers. */
  z.object({ news: z.literal('wants-metrics'), id: z.int() }),
  /** It asks for the versions of the store. */
  z.object({ news: z.literal('wants-versions'), id: z.int() }),
  /** It asks for a version to be promoted; without one, for a rollback. */
  z.object({ news: z.literal('wants-promotion'), id: z.int(), version: z.string().optional() }),
  z.object({ news: z.literal('refused'), id: z.int(), code: z.string(), message: z.string() }),
]);

export type News = z.output<typeof newsSchema>;

/** Libraries send messages of their own over the same channel: those are `undefined` here. */
export function readOrder(message: unknown): Order | undefined {
  return orderSchema.safeParse(message).data;
}

/** As {@link readOrder}. */
export function readNews(message: unknown): News | undefined {
  return newsSchema.safeParse(message).data;
}
