import type { InteractionLog } from '../dataset';

/** The columns of a log that hold one value for each event. */
export type EventColumns = Pick<InteractionLog, 'items' | 'timestamps' | 'weights' | 'types' | 'context'>;

/**
 * Some of the events, or all in another order, with every column of theirs.
 * @param positions `[new events]` where each new event stands in the given columns
 */
export function takeColumns(columns: EventColumns, positions: Int32Array): EventColumns {
  const { items, timestamps, weights, types, context } = columns;
  return {
    items: positions.map((at) => items[at]),
    timestamps: Float64Array.from(positions, (at) => timestamps[at]),
    ...(weights === undefined ? {} : { weights: Float32Array.from(positions, (at) => weights[at]) }),
    ...(types === undefined
      ? {}
      : { types: { ...types, values: Uint8Array.from(positions, (at) => types.values[at]) } }),
    ...(context === undefined
      ? {}
      : { context: context.map((column) => ({ ...column, values: positions.map((at) => column.values[at]) })) }),
  };
}

/**
 * A log of some of the events, or of all in another order.
 *
 * @param offsets `[userCount + 1]` of the new log
 * @param positions `[new events]` where each new event stands in `log.items`, user by user
 */
export function takeEvents(log: InteractionLog, offsets: Int32Array, positions: Int32Array): InteractionLog {
  return { ...log, offsets, ...takeColumns(log, positions) };
}
