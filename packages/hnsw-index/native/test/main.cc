#include <cstring>

#include "checks.h"

namespace {

void on_one_thread() {
  recall::test_kernels();
  recall::test_checksums();
  recall::test_candidates();
  recall::test_outdated_image();
  recall::test_extreme_queries();
  recall::test_selection();
  recall::test_directions();
  recall::test_reachability();
  recall::test_damaged_images();
  recall::test_damaged_graphs();
}

void on_several_threads() {
  recall::test_build();
  recall::test_update();
  recall::test_grouping();
  recall::test_filter_nodes();
  recall::test_filters();
  recall::test_search();
  recall::test_precision();
  recall::test_ranking();
  recall::test_which_thread();
  recall::test_threads();
  recall::test_faults();
}

}  // namespace

/** With the argument `threads` only what runs on several: a sanitizer of threads finds nothing in the rest, slowly. */
int main(int count, char** arguments) {
  if (count < 2 || std::strcmp(arguments[1], "threads") != 0) on_one_thread();
  on_several_threads();
  std::puts("all native checks hold");
}
