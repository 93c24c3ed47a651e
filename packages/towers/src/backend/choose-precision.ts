import { PrecisionUnavailableError } from '../errors';
import { hostKernels } from '../native/host-kernels';
import { hasFusedOps } from '../ops/native-op';
import type { Precision } from '../ops/precision';

/**
 * The precision to train with on the backend in use. `auto` is float32: with it a seed does not depend on whether the
 * processor has the instructions of bfloat16 (see docs/experiments/precision.md).
 *
 * @throws PrecisionUnavailableError where bfloat16 was asked for and can't be had
 */
export function choosePrecision(choice: 'auto' | Precision): Precision {
  if (choice !== 'bfloat16') return 'float32';
  const obstacle = obstacleToBfloat16();
  if (obstacle === undefined) return choice;
  throw new PrecisionUnavailableError(choice, `The precision bfloat16 can't be had: ${obstacle}.`);
}

function obstacleToBfloat16(): string | undefined {
  if (!hasFusedOps()) {
    return (
      'it needs the native backend on a CPU and the kernels that npx vector-recall-setup compiles; ' +
      'set up both, or choose the precision float32'
    );
  }
  if (hostKernels()?.hasBfloat16Products() === true) return undefined;
  return 'this processor lacks the instructions for it (AVX512_BF16); choose the precision float32';
}
