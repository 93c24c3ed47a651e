import { z } from 'zod';

/**
 * Set in the environment of a worker that takes the place of another: it loads its model before it opens the port, so that
 * it is handed no connection that it can't serve.
 */
export const LOADS_FIRST = 'VECTOR_RECALL_WORKER_LOADS_FIRST';

/** What the primary process tells a worker. */
const orderSchema = z.discriminatedUnion('order', [
  /** Load a version, the promoted one where none is named, and answer. */
  z.object({ order: z.literal('reload'), id: z.int(), version: z.string().optional() }),
  /** Finish the calls in flight and end. */
  z.object({ order: z.literal('stop') }),
]);

export type Order = z.output<typeof orderSchema>;

const reloadSchema = z.object({
  version: z.string(),
  previousVersion: z.string().optional(),
  loadMs: z.number(),
});

/** What a worker tells the primary process. */
const newsSchema = z.discriminatedUnion('news', [
  z.object({ news: z.literal('listening'), port: z.int() }),
  /** It can't start, for a reason that would stop any other worker too. */
  z.object({ news: z.literal('failed'), code: z.string(), message: z.string() }),
  /** The version that it answers from now. */
  z.object({ news: z.literal('serving'), version: z.string() }),
  z.object({ news: z.literal('reloaded'), id: z.int(), reload: reloadSchema }),
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
