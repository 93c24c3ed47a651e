#pragma once

namespace recall {

/**
 * Sends what the process writes to standard error nowhere.
 * @return a copy of the descriptor to restore it by, or -1 where nothing was changed
 */
int mute_standard_error();

/** Undoes {@link mute_standard_error}, and closes the copy. */
void restore_standard_error(int copy);

}  // namespace recall
