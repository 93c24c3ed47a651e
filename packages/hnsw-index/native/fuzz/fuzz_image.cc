#include "../test/harness.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t bytes) {
  recall::try_image(data, bytes);
  return 0;
}
