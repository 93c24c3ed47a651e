import * as tf from '@tensorflow/tfjs';
import { backendCases } from '../testing/backend-cases';
import { selectBackend } from './select-backend';

const native = backendCases.some(({ name, available }) => name === 'native' && available);

describe('selectBackend', () => {
  let printed: jest.SpyInstance[];

  beforeEach(() => {
    printed = (['log', 'warn', 'error', 'info'] as const).map((level) => jest.spyOn(console, level));
  });

  afterEach(() => {
    for (const spy of printed) expect(spy).not.toHaveBeenCalled();
    jest.restoreAllMocks();
  });

  it.each(['wasm', 'cpu'] as const)('computes on %s, also when asked twice, and prints nothing', async (choice) => {
    await selectBackend(choice);
    expect(await selectBackend(choice)).toEqual({ name: choice });
    expect(tf.getBackend()).toBe(choice);
    expect([...tf.tidy(() => tf.add(tf.tensor1d([1, 2]), 1).dataSync())]).toEqual([2, 3]);
  });

  (native ? it : it.skip)('prefers native TensorFlow and tells its version', async () => {
    const backend = await selectBackend('auto');
    expect(backend.name).toBe('native');
    expect(backend.tensorflowVersion).toMatch(/^\d+\.\d+/);
    expect(backend.notice).toBeUndefined();
  });
});
