import { PrecisionUnavailableError } from '../errors';
import { hostKernels, type HostKernels } from '../native/host-kernels';
import { backendCases } from '../testing/backend-cases';
import { choosePrecision } from './choose-precision';
import { selectBackend } from './select-backend';

const kernels = hostKernels();
const native = backendCases.some(({ name, available }) => name === 'native' && available) && kernels !== undefined;

function refusal(): unknown {
  try {
    return choosePrecision('bfloat16');
  } catch (error) {
    return error;
  }
}

describe('choosePrecision', () => {
  it('is float32 where the fused ops do not run, and refuses another', async () => {
    await selectBackend('wasm');
    expect(choosePrecision('auto')).toBe('float32');
    expect(choosePrecision('float32')).toBe('float32');
    expect(refusal()).toBeInstanceOf(PrecisionUnavailableError);
    expect(refusal()).toMatchObject({
      code: 'TOWERS_PRECISION_UNAVAILABLE',
      precision: 'bfloat16',
      message:
        "The precision bfloat16 can't be had: it needs the native backend on a CPU and the kernels that npx " +
        'vector-recall-setup compiles; set up both, or choose the precision float32.',
    });
  });

  (native ? it : it.skip).each([true, false])('asks the processor for its instructions: %s', async (there) => {
    await selectBackend('native');
    const asked = jest.spyOn(kernels as HostKernels, 'hasBfloat16Products').mockReturnValue(there);
    expect(choosePrecision('auto')).toBe('float32');
    if (there) expect(choosePrecision('bfloat16')).toBe('bfloat16');
    else expect(String(refusal())).toMatch(/this processor lacks .*; choose the precision float32\.$/);
    expect(choosePrecision('float32')).toBe('float32');
    asked.mockRestore();
  });
});
