#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <functional>
#include <vector>

namespace recall {

/** A score above a node, as one number that compares as the score does; not for a NaN. */
inline uint64_t key_of(float score, uint32_t node) {
  constexpr uint32_t kSign = 0x80000000;
  // The bits of a float compare as it does once those of negative ones are turned over and the sign of the others.
  uint32_t bits;
  std::memcpy(&bits, &score, sizeof bits);
  bits = (bits & kSign) != 0 ? ~bits : bits | kSign;
  return uint64_t{bits} << 32 | node;
}

inline float score_of(uint64_t key) {
  constexpr uint32_t kSign = 0x80000000;
  uint32_t bits = static_cast<uint32_t>(key >> 32);
  bits = (bits & kSign) != 0 ? bits & ~kSign : ~bits;
  float score;
  std::memcpy(&score, &bits, sizeof score);
  return score;
}

inline uint32_t node_of(uint64_t key) { return static_cast<uint32_t>(key); }

/**
 * Moves the greatest `count` of some keys to the front, the least of them last, as std::nth_element does. But which
 * side of the pivot a key goes to is added up: a branch on it would be guessed wrong half the time.
 *
 * @param count from 1 to the number of keys
 */
inline void put_greatest_first(std::vector<uint64_t>& keys, size_t count) {
  size_t low = 0;
  size_t high = keys.size();
  // Some halvings are enough; what is left after them, by an unlucky choice of pivots, is left to the library.
  for (int halvings = 0; halvings < 16 && high - low > 32; halvings++) {
    uint64_t three[] = {keys[low], keys[low + (high - low) / 2], keys[high - 1]};
    std::sort(three, three + 3);
    const uint64_t pivot = three[1];
    size_t greater = low;
    for (size_t i = low; i < high; i++) {
      const uint64_t key = keys[i];
      keys[i] = keys[greater];
      keys[greater] = key;
      greater += key > pivot ? 1 : 0;
    }
    (greater >= count ? high : low) = greater;
  }
  const auto at = [&](size_t i) { return keys.begin() + static_cast<ptrdiff_t>(i); };
  std::nth_element(at(low), at(count - 1), at(high), std::greater<>());
}

}  // namespace recall
