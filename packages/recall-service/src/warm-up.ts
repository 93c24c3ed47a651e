import type { ServingData } from './artifact/load-serving-data';
import type { VectorRecallService } from './vector-recall-service';

/** V8 compiles a function that was called a few times; searches touch other parts of the index each time. */
const WARM_ROUNDS = 20;

/** Sends a service a few requests of every kind. */
export async function warmUp(
  service: Pick<VectorRecallService, 'recall' | 'batchRecall' | 'info'>,
  { catalogue, itemVectors, storedItems, users }: ServingData,
): Promise<void> {
  const { userIds, itemIds } = catalogue;
  const topK = Math.min(500, service.info().limits.maxTopK, storedItems);
  const history = Array.from({ length: Math.min(3, itemIds.size) }, (_, row) => itemIds.idAt(row));
  for (let round = 0; round < WARM_ROUNDS; round++) {
    const rowOf = (size: number): number => Math.floor((round * size) / WARM_ROUNDS);
    const queryVector = await itemVectors.read(rowOf(storedItems));
    await service.recall({ queryVector, topK });
    if (users === undefined) continue;
    const userId = userIds.size > 0 ? userIds.idAt(rowOf(userIds.size)) : undefined;
    await service.batchRecall([{ userId, topK }, { userId, history, topK }, { topK }]);
  }
}
