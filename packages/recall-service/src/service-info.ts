import { numbersOf } from '@vector-recall/model-store';
import type { ServingData } from './artifact/load-serving-data';
import { inputsOf } from './inputs';
import type { RecallLimits, ServiceInfo } from './recall';

/** What a service that answers from these data says of itself. */
export function serviceInfo(data: ServingData, limits: RecallLimits): ServiceInfo {
  const { version, users, candidates, live } = data;
  const { userIds, itemIds, userFields, context = [], eventTypes = [] } = data.catalogue;
  return {
    version,
    userIdKind: userIds.kind,
    itemIdKind: itemIds.kind,
    userCount: userIds.size,
    get itemCount() {
      return live?.itemCount ?? itemIds.size;
    },
    dim: candidates.dim,
    space: candidates.space,
    inputs: inputsOf(data),
    userFeatureNames: numbersOf(userFields)?.names ?? [],
    contextNames: context.map(({ name }) => name),
    eventTypes,
    attributes: data.attributes.schema.attributes,
    historyLength: users?.tower.historyLength ?? 0,
    defaultEfSearch: candidates.efSearch,
    limits,
  };
}
