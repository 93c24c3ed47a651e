import { execFileSync, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { hostKernels } from '../native/host-kernels';
import { backendCases } from '../testing/backend-cases';
import { selectBackend } from './select-backend';

const native = backendCases.some(({ name, available }) => name === 'native' && available);

/** Masks are read from /proc, and need the kernels that set them. */
// A process that starts TensorFlow, on a machine that may be busy: the limit is there for a hang.
const applies = process.platform === 'linux' && native && hostKernels() !== undefined;

/** Multiplies for two seconds, and tells whether the product stayed the same and how many signals were handled. */
const program = `
  let handled = 0;
  process.on('SIGUSR2', () => handled++);
  require(process.argv[1]).blockSignals();
  require('node:util').isNullOrUndefined ??= (value) => value === null || value === undefined;
  const tf = require('@tensorflow/tfjs-node-gpu');
  const a = tf.range(0, 1024 * 192).reshape([1024, 192]).mod(7);
  const b = tf.range(0, 192 * 256).reshape([192, 256]).mod(5);
  const product = () => tf.tidy(() => tf.matMul(a, b).sum().dataSync()[0]);
  const expected = product();
  let same = true;
  const end = Date.now() + 2000;
  const turn = () => {
    for (let i = 0; i < 20; i++) same = product() === expected && same;
    if (Date.now() < end) return setImmediate(turn);
    process.stdout.write(JSON.stringify({ same, handled: handled > 0 }));
    process.exit();
  };
  process.stderr.write('ready');
  turn();
`;

function blockedSignals(status: string): bigint {
  return BigInt(`0x${/^SigBlk:\s*(\w+)$/m.exec(status)?.[1] ?? 'missing'}`);
}

(applies ? describe : describe.skip)('signals on the native backend', () => {
  it('are left to other threads by the one that computes, but not by the processes it starts', async () => {
    await selectBackend('native');
    const interrupt = 1n << 1n;
    const segmentationFault = 1n << 10n;
    const blocked = blockedSignals(readFileSync('/proc/thread-self/status', 'utf8'));
    expect(blocked & (interrupt | segmentationFault)).toBe(interrupt);
    expect(blockedSignals(execFileSync('cat', ['/proc/self/status'], { encoding: 'utf8' }))).toBe(0n);
  });

  it('are handled while matrices are multiplied, and harm nothing', async () => {
    const file = require.resolve('../../native/build/vector-recall-host-kernels.node');
    const env = { ...process.env, TF_CPP_MIN_LOG_LEVEL: '3' };
    const child = spawn(process.execPath, ['-e', program, file], { env, cwd: __dirname });
    const output = text(child.stdout);
    await once(child.stderr, 'data');
    child.stderr.resume();
    const timer = setInterval(() => child.kill('SIGUSR2'), 3);
    const exit = await once(child, 'exit');
    clearInterval(timer);
    expect(exit).toEqual([0, null]);
    expect(JSON.parse(await output)).toEqual({ same: true, handled: true });
  });
});
