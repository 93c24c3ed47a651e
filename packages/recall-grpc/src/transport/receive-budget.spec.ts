import { ReceiveBudget } from './receive-budget';

it('is shared by all connections, of which none takes more than half', () => {
  const budget = new ReceiveBudget(1000);
  const [one, two, three] = [{ receivingBytes: 0 }, { receivingBytes: 0 }, { receivingBytes: 0 }];
  expect(budget.take(one, budget.perConnection)).toBe(true);
  expect(budget.take(one, 1)).toBe(false);
  expect(budget.take(two, budget.perConnection)).toBe(true);
  expect([budget.taken, budget.take(three, 1)]).toEqual([budget.total, false]);
  budget.giveBack(one, budget.perConnection);
  expect([budget.taken, one.receivingBytes, budget.take(three, 1)]).toEqual([budget.perConnection, 0, true]);
});

it('has room for two of the largest requests on one connection', () => {
  const largest = 500 * 2 ** 20;
  const budget = new ReceiveBudget(largest);
  const share = { receivingBytes: 0 };
  expect([budget.take(share, largest), budget.take(share, largest), budget.take(share, largest)]).toEqual([
    true,
    true,
    false,
  ]);
});
