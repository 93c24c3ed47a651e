import { renameModules } from './typescript-reference';

it('names modules by their packages', () => {
  expect(renameModules('# trainer/src\n\n[A](../../towers/src.md#a) [B](#b)\n', 'trainer')).toBe(
    '# trainer\n\n[A](/api/towers#a) [B](#b)\n',
  );
});
