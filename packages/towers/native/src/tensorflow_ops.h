#pragma once

namespace recall {

/**
 * Adds the fused ops of a training step to the TensorFlow of this process, where they compute on tensors where they
 * lie. Their kernels are for the CPU only. @returns false where that is not possible
 */
bool register_ops();

}  // namespace recall
