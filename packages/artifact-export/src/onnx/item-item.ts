import {
  ITEM_LENGTH,
  itemItemOfItems,
  itemItemOfUsers,
  L2_EPSILON,
  type StoredTowers,
} from '@vector-recall/towers/serving';
import type { OnnxGraph, Value } from './graph';
import { isGiven, linear, lookUp, sumOver, unitRows } from './layers';

/** `appendToUsers` of the model: the vectors of users with the item-item term behind them, where the model has one. */
export function itemItemOfUserTower(
  graph: OnnxGraph,
  towers: StoredTowers,
  items: number,
  vectors: Value,
  history: Value | undefined,
): Value {
  const weights = itemItemOfUsers(towers, items);
  if (weights === undefined || history === undefined) return vectors;
  const { rank, users, weight } = weights;
  const sums = sumOver(graph, lookUp(graph, users, rank, history), 1);
  const squares = sumOver(graph, graph.op('Mul', [sums, sums]), 1, true);
  // A history that speaks for nothing gives zeros, as in the model.
  const isSomething = graph.op('Cast', [graph.op('GreaterOrEqual', [squares, constant(graph, L2_EPSILON)])], { to: 1 });
  const terms = graph.op('Mul', [unitRows(graph, sums), isSomething]);
  const weighted = graph.op('Mul', [terms, constant(graph, weight / ITEM_LENGTH)]);
  const zero = graph.op('Mul', [squares, constant(graph, 0)]);
  return unitRows(graph, graph.op('Concat', [vectors, weighted, zero], { axis: 1 }));
}

/** `appendToItems` of the model. @param rows `[batch]`, -1 for an item that came later */
export function itemItemOfItemTower(
  graph: OnnxGraph,
  towers: StoredTowers,
  items: number,
  vectors: Value,
  rows: Value,
): Value {
  const weights = itemItemOfItems(towers, items);
  if (weights === undefined) return vectors;
  const { rank, items: table, unknown } = weights;
  const guess = linear(graph, vectors, graph.floats(unknown, [unknown.length / rank, rank]));
  const length = graph.op('Sqrt', [sumOver(graph, graph.op('Mul', [guess, guess]), 1, true)]);
  const guessed = graph.op('Div', [guess, graph.op('Max', [length, constant(graph, 1)])]);
  const given = graph.op('Reshape', [isGiven(graph, rows), graph.integers([-1, 1])]);
  const isUnknown = graph.op('Sub', [constant(graph, 1), given]);
  const terms = graph.op('Add', [lookUp(graph, table, rank, rows), graph.op('Mul', [guessed, isUnknown])]);
  const squares = sumOver(graph, graph.op('Mul', [terms, terms]), 1, true);
  const rest = graph.op('Max', [graph.op('Sub', [constant(graph, 1), squares]), constant(graph, 0)]);
  const added = graph.op('Concat', [terms, graph.op('Sqrt', [rest])], { axis: 1 });
  const scaled = graph.op('Mul', [added, constant(graph, ITEM_LENGTH)]);
  return unitRows(graph, graph.op('Concat', [vectors, scaled], { axis: 1 }));
}

function constant(graph: OnnxGraph, value: number): Value {
  return graph.floats([value], []);
}
