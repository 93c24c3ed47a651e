#include "signals.h"

#include <pthread.h>
#include <signal.h>

#include <initializer_list>

namespace recall {

void block_signals() {
  sigset_t all;
  sigfillset(&all);
  // A fault is raised on the thread that made it; blocked, it would end the process without a word.
  for (const int fault : {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT, SIGTRAP}) sigdelset(&all, fault);
  pthread_sigmask(SIG_BLOCK, &all, nullptr);
}

}  // namespace recall
