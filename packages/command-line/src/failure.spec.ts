import { ConfigError } from '@vector-recall/core-config';
import { UsageError } from './errors';
import { describeFailure } from './failure';

class NotFound extends Error {
  readonly code = 'ARTIFACT_NOT_FOUND';
}

class Interrupted extends Error {
  readonly code = 'TRAINING_INTERRUPTED';
}

it.each([
  [new UsageError('Name a command.'), { code: 'USAGE', message: 'Name a command.', exitCode: 2 }],
  [new ConfigError('training.lr', 'no'), { code: 'CONFIG_INVALID', message: 'no', exitCode: 2 }],
  [new Interrupted('stopped'), { code: 'TRAINING_INTERRUPTED', message: 'stopped', exitCode: 130 }],
  [new NotFound('no artifact'), { code: 'ARTIFACT_NOT_FOUND', message: 'no artifact', exitCode: 1 }],
  [new TypeError('x is not a function'), { code: 'UNEXPECTED', message: 'x is not a function', exitCode: 1 }],
  [
    Object.assign(new Error('EACCES: permission denied, open'), { code: 'EACCES', syscall: 'open', path: 'a/b' }),
    {
      code: 'FILE_NOT_USED',
      message: "a/b can't be used: permission denied; change its permissions or give another path.",
      exitCode: 1,
    },
  ],
  ['text', { code: 'UNEXPECTED', message: 'text', exitCode: 1 }],
])('%s becomes code, sentence and exit code', (error, failure) => {
  expect(describeFailure(error)).toEqual(failure);
});
