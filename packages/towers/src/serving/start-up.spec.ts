import { ServingUserTower } from './index';

it('loads nothing of tfjs', () => {
  expect(ServingUserTower).toBeDefined();
  const modules = Object.keys(require.cache);
  expect(modules).toContain(require.resolve('./serving-user-tower'));
  expect(modules.filter((file) => file.includes('tensorflow') || file.includes('/ops/dense'))).toEqual([]);
});
