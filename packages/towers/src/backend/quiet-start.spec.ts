import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { hostKernels } from '../native/host-kernels';
import { backendCases } from '../testing/backend-cases';

const native = backendCases.some(({ name, available }) => name === 'native' && available);
const applies = native && hostKernels() !== undefined;

(applies ? it : it.skip)('keeps what TensorFlow says at its start off stderr, and nothing else', () => {
  const program = `
    require(process.argv[1]).loadNative();
    console.log(require('@tensorflow/tfjs').sum([1, 2]).dataSync()[0]);
    console.error('after');
  `;
  const registerSwc = join(__dirname, '../../../../tools/register-swc.cjs');
  // What jest sets for its own colours makes Node warn beside NO_COLOR.
  const env = { ...process.env, FORCE_COLOR: undefined, TF_CPP_MIN_LOG_LEVEL: undefined };
  const { stdout, stderr } = spawnSync(
    process.execPath,
    ['-r', registerSwc, '-e', program, join(__dirname, 'native.ts')],
    {
      cwd: __dirname,
      env,
      encoding: 'utf8',
    },
  );
  expect({ stdout, stderr }).toEqual({ stdout: '3\n', stderr: 'after\n' });
});
