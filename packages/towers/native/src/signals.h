#pragma once

namespace recall {

/** Keeps every signal that is not the thread's own fault from being handled on this thread and those it starts. */
void block_signals();

}  // namespace recall
