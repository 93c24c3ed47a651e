#include "checks.h"

int main() {
  recall::test_kernels();
  recall::test_checksums();
  recall::test_candidates();
  recall::test_build();
  recall::test_search();
  recall::test_ranking();
  recall::test_which_thread();
  recall::test_threads();
  recall::test_damaged_images();
  recall::test_damaged_graphs();
  std::puts("all native checks hold");
}
