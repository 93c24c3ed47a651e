#pragma once

#include <vector>

#include "tensorflow_kernel.h"

namespace recall {

/** The ops of a step that reads sequences and contrasts them with a pool. */
std::vector<Op> sequence_ops();

}  // namespace recall
