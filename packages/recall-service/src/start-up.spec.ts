import { VectorRecallService } from './index';

it('starts without tfjs, whose loading takes longer than all of a server', () => {
  expect(VectorRecallService).toBeDefined();
  const modules = Object.keys(require.cache);
  expect(modules).toContain(require.resolve('./vector-recall-service'));
  expect(modules.filter((file) => file.includes('tensorflow'))).toEqual([]);
});
