#include "checks.h"

int main() {
  recall::test_kernels();
  recall::test_checksums();
  recall::test_candidates();
  recall::test_build();
  recall::test_update();
  recall::test_grouping();
  recall::test_filter_nodes();
  recall::test_filters();
  recall::test_search();
  recall::test_outdated_image();
  recall::test_extreme_queries();
  recall::test_precision();
  recall::test_ranking();
  recall::test_selection();
  recall::test_directions();
  recall::test_which_thread();
  recall::test_threads();
  recall::test_damaged_images();
  recall::test_damaged_graphs();
  recall::test_faults();
  std::puts("all native checks hold");
}
