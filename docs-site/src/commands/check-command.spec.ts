import { faultsOf } from './check-command';

it.each([
  ['npx vector-recall train --data files:my-log --epochs 3'],
  ['vector-recall-server --artifacts artifacts --max_in_flight 8'],
  ['npx nx run trainer-cli:train --epochs=2'],
  ['npx nx test core-config'],
  ['npm ci'],
  ['deploy/pack.sh tarballs'],
])('%s is right', (command) => {
  expect(faultsOf(command.split(' '))).toEqual([]);
});

it.each([
  ['npx vector-recall trian', 'There is no command trian; did you mean train?'],
  ['vector-recall train --epoch 2', 'There is no option --epoch; did you mean --epochs?'],
  ['vector-recall train --epochs 0', '--epochs is 0, but it must be a whole number at least 1 and at most 10000.'],
  ['npx nx run trainer-cli:train --epoch 2', 'There is no option --epoch; did you mean --epochs?'],
  ['npx vector-recall-server --portt 1', 'There is no option --portt; did you mean --port?'],
  ['npx nx run trainer:fly', 'The project trainer has no target fly.'],
  ['npx nx test tower', 'There is no project tower.'],
  ['npm run fly', 'There is no script fly.'],
  ['docker build -f deploy/Dockerfile .', 'The repository has no deploy/Dockerfile.'],
  ['vectorrecall train', 'There is no program vectorrecall.'],
])('%s: %s', (command, fault) => {
  expect(faultsOf(command.split(' '))).toEqual([fault]);
});
