import type { ServingData } from './artifact/load-serving-data';
import { inputsOf } from './inputs';
import type { RecallLimits, ServiceInfo } from './recall';

/** What a service that answers from these data says of itself. */
export function serviceInfo(data: ServingData, limits: RecallLimits): ServiceInfo {
  const { version, users, index } = data;
  const { userIds, itemIds, userFeatures } = data.catalogue;
  return {
    version,
    userIdKind: userIds.kind,
    itemIdKind: itemIds.kind,
    userCount: userIds.size,
    itemCount: itemIds.size,
    dim: index.dim,
    space: index.space,
    inputs: inputsOf(data),
    userFeatureNames: userFeatures?.names ?? [],
    historyLength: users?.tower.historyLength ?? 0,
    defaultEfSearch: index.efSearch,
    limits,
  };
}
