import * as tf from '@tensorflow/tfjs';
import { selectBackend } from './select-backend';

// The addon can't be uninstalled for a test: its module is replaced by one that fails as a broken install does.
jest.mock('@tensorflow/tfjs-node-gpu', () => {
  throw new Error('libtensorflow.so.2: cannot open shared object file\nmore lines');
});

describe('selectBackend where the addon does not load', () => {
  it('auto falls back to WASM and says in one line what is lost and how to get it', async () => {
    const { name, notice } = await selectBackend('auto');
    expect(name).toBe('wasm');
    expect(notice).toMatch(
      /^Native TensorFlow is not available \(libtensorflow\.so\.2: cannot open shared object file\), .*LIBTENSORFLOW_DIR.*\.$/,
    );
  });

  it('native is a clear error and leaves the backend in use', async () => {
    await selectBackend('wasm');
    await expect(selectBackend('native')).rejects.toMatchObject({
      name: 'BackendUnavailableError',
      code: 'TOWERS_BACKEND_UNAVAILABLE',
      backend: 'native',
    });
    expect(tf.getBackend()).toBe('wasm');
  });
});
