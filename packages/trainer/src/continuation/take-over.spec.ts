import type { Catalogue } from '@vector-recall/model-store';
import { RandomStream } from '@vector-recall/random';
import { TwoTowerModel } from '@vector-recall/towers';
import { ContinuationError } from '../errors';
import { towerInputs } from '../pipeline/tower-inputs';
import { describeBackends } from '../testing/backends';
import { idsOf } from '../testing/ids';
import { toyModelConfig } from '../testing/toy-world';
import { startNewItems } from './start-new-items';
import { TableRows } from './table-rows';
import { takeOver } from './take-over';

interface World {
  readonly users: readonly (number | string)[];
  readonly items: readonly (number | string)[];
  readonly labels: readonly string[];
  /** The label of each item. */
  readonly categories: readonly string[];
}

function catalogueOf({ users, items, labels, categories }: World): Catalogue {
  return {
    userIds: idsOf(users),
    itemIds: idsOf(items),
    itemFields: [
      {
        kind: 'category',
        name: 'group',
        labels,
        count: labels.length,
        values: Int32Array.from(categories, (label) => labels.indexOf(label)),
      },
    ],
    history: { offsets: new Int32Array(users.length + 1), items: new Int32Array(0) },
  };
}

function modelOf(world: World, seed: number, changes = {}): TwoTowerModel {
  const inputs = towerInputs(catalogueOf(world));
  return new TwoTowerModel({ ...toyModelConfig, ...changes }, inputs, new RandomStream(seed, 'weights'));
}

const before: World = { users: [1, 2, 3], items: [10, 20, 30], labels: ['a', 'b'], categories: ['a', 'b', 'b'] };
/** In another order, with a user, two items and a label more, and without an item. */
const after: World = {
  users: [3, 9, 1, 2],
  items: [40, 30, 10, 50],
  labels: ['c', 'b', 'a'],
  categories: ['b', 'b', 'a', 'c'],
};

function tableOf(model: TwoTowerModel, name: string): Float32Array[] {
  const table = model.parameters.get(name);
  if (table === undefined) throw new Error(`There is no ${name}.`);
  const [rows, dim] = table.shape;
  return Array.from({ length: rows }, (_, row) => table.values.slice(row * dim, (row + 1) * dim));
}

describeBackends('takeOver', () => {
  const stored = modelOf(before, 1);
  const rows = new TableRows(catalogueOf(before), catalogueOf(after));

  it('keeps the vectors of items and the rows of users and labels that stayed', () => {
    const fresh = modelOf(after, 2);
    takeOver(stored.parameters, fresh.parameters, rows);
    const dim = toyModelConfig.embeddingDim;
    const was = stored.encodeItems(Int32Array.of(2, 0));
    const is = fresh.encodeItems(Int32Array.of(1, 2));
    expect(is).toHaveLength(2 * dim);
    is.forEach((value, at) => {
      expect(value).toBeCloseTo(was[at], 6);
    });
    const [one, two, three, unknown] = tableOf(stored, 'user.id.table');
    expect(tableOf(fresh, 'user.id.table')).toEqual([three, unknown, one, two, unknown]);
    const [a, b] = tableOf(stored, 'item.category.group.table');
    expect(tableOf(fresh, 'item.category.group.table').slice(1)).toEqual([b, a]);
  });

  it('keeps what was drawn for a label that is new', () => {
    const [drawn] = tableOf(modelOf(after, 2), 'item.category.group.table');
    const fresh = modelOf(after, 2);
    takeOver(stored.parameters, fresh.parameters, rows);
    expect(tableOf(fresh, 'item.category.group.table')[0]).toEqual(drawn);
  });

  it('starts new items at the mean of the trained items of their labels, and leaves those of new labels alone', () => {
    const fresh = modelOf(after, 2);
    const [, , , drawn] = tableOf(fresh, 'item.id.table');
    takeOver(stored.parameters, fresh.parameters, rows);
    const table = fresh.parameters.get('item.id.table');
    if (table === undefined) throw new Error('There is no item table.');
    startNewItems(table, rows.items, catalogueOf(after));
    const [first, known, , last] = tableOf(fresh, 'item.id.table');
    // Of the items of label b that are still there, only 30 was trained.
    expect(first).toEqual(known);
    expect(first).toEqual(tableOf(stored, 'item.id.table')[2]);
    expect(last).toEqual(drawn);
  });

  it('finds integer ids again where one odd id has turned all into strings', () => {
    const strings = { ...after, items: ['40', '30', '10', 'x'] };
    expect([...new TableRows(catalogueOf(before), catalogueOf(strings)).items]).toEqual([-1, 2, 0, -1]);
  });

  it('refuses a model of other layers by the names of what differs', () => {
    const wider = modelOf(after, 2, { hiddenDims: [16] });
    const take = (): void => {
      takeOver(stored.parameters, wider.parameters, rows);
    };
    expect(take).toThrow(ContinuationError);
    expect(take).toThrow(/differs from the stored one in user\.mlp\S*, .*item\.mlp/);
  });
});
