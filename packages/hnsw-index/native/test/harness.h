#pragma once

#include <cstddef>
#include <cstdint>

namespace recall {

/**
 * Opens bytes as a serving file, with the checksum of the header put right, as somebody who means harm would; and
 * searches what opens. @return whether it opened
 */
bool try_image(const uint8_t* data, size_t bytes);

/** Opens bytes as a file of hnswlib's, and makes a serving file of what opens. @return whether it opened */
bool try_graph(const uint8_t* data, size_t bytes);

}  // namespace recall
