#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "addon_index.h"

namespace recall {

/** A job together with what its queries point to. The results are JavaScript's. */
struct StartedSearch {
  std::shared_ptr<ServedIndex> index;
  uint32_t number = 0;
  const std::shared_ptr<SearchJob> job = std::make_shared<SearchJob>();
  std::vector<float> vectors;
  std::vector<int32_t> excluded;
  std::vector<std::shared_ptr<RowFilter>> filters;
  int32_t* found = nullptr;
  int32_t* used_plans = nullptr;
};

}  // namespace recall
