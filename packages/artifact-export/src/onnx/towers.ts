import {
  contextWeight,
  fieldWidth,
  vectorWidth,
  weightName,
  weightOf,
  withoutTerm,
  type FieldInput,
  type StoredTowers,
  type TowerInputs,
} from '@vector-recall/towers/serving';
import { OnnxGraph, type Value } from './graph';
import { encodeHistory, type HistorySource } from './history';
import { itemItemOfItemTower, itemItemOfUserTower } from './item-item';
import { isGiven, linear, lookUp, projection, sumOver, trunk } from './layers';

/** The inputs of a tower side by side. */
class Concatenation {
  readonly #parts: Value[] = [];
  width = 0;

  add(value: Value, width: number): void {
    this.#parts.push(value);
    this.width += width;
  }

  of(graph: OnnxGraph): Value {
    return this.#parts.length === 1 ? this.#parts[0] : graph.op('Concat', this.#parts, { axis: 1 });
  }
}

/** The name of the input of a field: fields of two kinds may share a name. */
export function inputName({ kind, name }: Pick<FieldInput, 'kind' | 'name'>): string {
  return `${kind}.${name}`;
}

/** The user tower: rows and values in, vectors of length one out. */
export function userTowerGraph(towers: StoredTowers, inputs: TowerInputs, itemVectors?: Float32Array): OnnxGraph {
  const { config } = towers;
  const { users, items } = inputs;
  const graph = new OnnxGraph('user tower');
  const parts = new Concatenation();
  const rows = graph.input('id', 'int64', ['batch']);
  const table = weightOf(towers, 'user.id.table', [users.count + 1, config.idDim]);
  // The last row stands for every unknown user, and is what -1 finds.
  const ids = graph.op('Gather', [graph.floats(table, [users.count + 1, config.idDim]), rows], { axis: 0 });
  parts.add(ids, config.idDim);
  const fields = users.fields ?? [];
  addFields(graph, parts, towers, 'user', fields.filter(isLookedUp));
  for (const { name, count } of users.context ?? []) {
    const width = fieldWidth('category', config);
    const label = graph.input(`context.${name}`, 'int64', ['batch']);
    parts.add(lookUp(graph, weightOf(towers, contextWeight(name), [count, width]), width, label), width);
  }
  let history: Value | undefined;
  if (config.historyEncoder !== 'none') {
    history = graph.input('history', 'int64', ['batch', config.historyLength]);
    const types = users.eventTypes && {
      count: users.eventTypes.length,
      rows: graph.input('history_types', 'int64', ['batch', config.historyLength]),
    };
    const source: HistorySource = {
      items: items.count,
      itemVectors: itemVectors && withoutTerm(itemVectors, config),
      types,
    };
    const encoded = encodeHistory(graph, towers, history, source);
    parts.add(encoded.value, encoded.width);
  }
  addFields(
    graph,
    parts,
    towers,
    'user',
    fields.filter((field) => !isLookedUp(field)),
  );
  const vectors = trunk(graph, towers, parts.of(graph), 'user.mlp', parts.width);
  finish(graph, towers, itemItemOfUserTower(graph, towers, items.count, vectors, history));
  return graph;
}

/** The item tower: rows and values in, vectors of length one out. An id of -1 is an item that was never trained on. */
export function itemTowerGraph(towers: StoredTowers, { items }: TowerInputs): OnnxGraph {
  const { idDim } = towers.config;
  const graph = new OnnxGraph('item tower');
  const parts = new Concatenation();
  const rows = graph.input('id', 'int64', ['batch']);
  parts.add(lookUp(graph, weightOf(towers, 'item.id.table', [items.count, idDim]), idDim, rows), idDim);
  const fields = items.fields ?? [];
  addFields(graph, parts, towers, 'item', fields.filter(isLookedUp));
  addFields(
    graph,
    parts,
    towers,
    'item',
    fields.filter((field) => !isLookedUp(field)),
  );
  const vectors = trunk(graph, towers, parts.of(graph), 'item.mlp', parts.width);
  finish(graph, towers, itemItemOfItemTower(graph, towers, items.count, vectors, rows));
  return graph;
}

/** Whether a field is looked up in a table; those stand before what is projected. */
function isLookedUp(field: FieldInput): boolean {
  return 'count' in field;
}

function addFields(
  graph: OnnxGraph,
  parts: Concatenation,
  towers: StoredTowers,
  tower: 'user' | 'item',
  fields: readonly FieldInput[],
): void {
  for (const field of fields) {
    const width = fieldWidth(field.kind, towers.config);
    parts.add(fieldValue(graph, towers, field, weightName(tower, field), width), width);
  }
}

function fieldValue(graph: OnnxGraph, towers: StoredTowers, field: FieldInput, name: string, width: number): Value {
  const input = inputName(field);
  switch (field.kind) {
    case 'category': {
      const table = weightOf(towers, `${name}.table`, [field.count, width]);
      return lookUp(graph, table, width, graph.input(input, 'int64', ['batch']));
    }
    case 'path':
    case 'tags':
    case 'text': {
      const labels = graph.input(input, 'int64', ['batch', `${input}.count`]);
      const sum = sumOver(
        graph,
        lookUp(graph, weightOf(towers, `${name}.table`, [field.count, width]), width, labels),
        1,
      );
      const count = graph.op('Max', [sumOver(graph, isGiven(graph, labels), 1, true), graph.floats([1], [])]);
      return graph.op('Div', [sum, count]);
    }
    case 'numbers':
      return projection(graph, towers, graph.input(input, 'float', ['batch', field.width]), name, field.width, width);
    case 'vectors': {
      const weight = graph.floats(weightOf(towers, `${name}.weight`, [field.width, width]), [field.width, width]);
      return linear(graph, graph.input(input, 'float', ['batch', field.width]), weight);
    }
  }
}

function finish(graph: OnnxGraph, { config }: StoredTowers, vectors: Value): void {
  graph.output('vector', vectors, ['batch', vectorWidth(config)]);
}
