#include "standard_error.h"

#include <fcntl.h>
#include <unistd.h>

#include <cstdio>

namespace recall {

int mute_standard_error() {
  const int nowhere = open("/dev/null", O_WRONLY | O_CLOEXEC);
  if (nowhere < 0) return -1;
  std::fflush(stderr);
  int copy = fcntl(STDERR_FILENO, F_DUPFD_CLOEXEC, STDERR_FILENO + 1);
  if (copy >= 0 && dup2(nowhere, STDERR_FILENO) < 0) {
    close(copy);
    copy = -1;
  }
  close(nowhere);
  return copy;
}

void restore_standard_error(int copy) {
  if (copy < 0) return;
  std::fflush(stderr);
  dup2(copy, STDERR_FILENO);
  close(copy);
}

}  // namespace recall
