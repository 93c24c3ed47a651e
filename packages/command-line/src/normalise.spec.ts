import { normaliseArguments } from './normalise';

it.each([
  [
    ['--num_users', '1000'],
    ['--num-users', '1000'],
  ],
  [['--num_items=10_000'], ['--num-items=10_000']],
  [['--data=files:my_log=1'], ['--data=files:my_log=1']],
  [
    ['--user', 'some_user'],
    ['--user', 'some_user'],
  ],
  [['--no-log_q_correction'], ['--log-q-correction=false']],
  [['--no-such-thing'], ['--no-such-thing']],
  [['--no-skip-benchmark=true'], ['--no-skip-benchmark=true']],
  [
    ['--json', '--', '--num_users'],
    ['--json', '--', '--num_users'],
  ],
  [
    ['-h', 'train', ''],
    ['-h', 'train', ''],
  ],
])('reads %j as %j', (given, normalised) => {
  expect(normaliseArguments(given)).toEqual(normalised);
});
