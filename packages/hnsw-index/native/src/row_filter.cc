#include "row_filter.h"

namespace recall {
namespace {

/** Where fewer rows are allowed than one in so many, following each to its node is less than a look at all labels. */
constexpr size_t kSparse = 8;

void set_bit(std::vector<uint64_t>& words, uint32_t at, bool value) { words[at / 64] |= uint64_t{value} << (at % 64); }

}  // namespace

const AllowedNodes& RowFilter::at_nodes(const ImageView& image) const {
  const std::lock_guard<std::mutex> lock(mutex_);
  if (nodes_ != nullptr) return *nodes_;
  auto nodes = std::make_unique<AllowedNodes>();
  nodes->words.resize(words_.size());
  if (allowed_ < count_ / kSparse) {
    for (uint32_t word = 0; word < words_.size(); word++) {
      for (uint64_t bits = words_[word]; bits != 0; bits &= bits - 1) {
        const uint32_t node = image.node_of(word * 64 + static_cast<uint32_t>(__builtin_ctzll(bits)));
        if (node != kNone) set_bit(nodes->words, node, true);
      }
    }
  } else {
    for (uint32_t node = 0; node < count_; node++) {
      const uint32_t label = image.labels[node];
      set_bit(nodes->words, node, label < count_ && allows(label));
    }
  }
  for (uint32_t group = 0; group < image.groups.count; group++) {
    const auto [begin, end] = image.group_range(group);
    nodes->in_group.push_back(static_cast<uint32_t>(count_bits(nodes->words, begin, end)));
  }
  nodes_ = std::move(nodes);
  return *nodes_;
}

size_t count_bits(const std::vector<uint64_t>& words, size_t begin, size_t end) {
  size_t count = 0;
  for (size_t word = begin / 64; word * 64 < end; word++) {
    uint64_t bits = words[word];
    if (word == begin / 64) bits &= ~uint64_t{0} << (begin % 64);
    if ((word + 1) * 64 > end) bits &= (uint64_t{1} << (end % 64)) - 1;
    count += static_cast<size_t>(__builtin_popcountll(bits));
  }
  return count;
}

}  // namespace recall
