#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace recall {

/**
 * Asks for huge pages under memory that was not touched yet: in a place of its own for every access, finding the page
 * takes longer than the access. Only advice: where the kernel has none, ordinary ones serve.
 */
void prefer_huge_pages(void* data, size_t bytes);

/** Bytes of a serving file, mapped read-only and shared, or in this process's own memory on huge pages. Moves only. */
class Memory {
 public:
  Memory() = default;
  Memory(Memory&& other) noexcept;
  Memory& operator=(Memory&& other) noexcept;
  ~Memory();

  /** Zeros. @throws std::bad_alloc */
  static Memory allocate(size_t bytes);
  /** @throws FileFault */
  static Memory map(const std::string& path);
  /** The file's bytes in memory of its own. @throws FileFault, std::bad_alloc */
  static Memory read(const std::string& path);

  const uint8_t* data() const { return data_; }
  uint8_t* writable() { return data_; }
  size_t size() const { return size_; }
  bool is_mapped() const { return is_mapped_; }

 private:
  Memory(uint8_t* data, size_t size, bool is_mapped) : data_(data), size_(size), is_mapped_(is_mapped) {}
  uint8_t* data_ = nullptr;
  size_t size_ = 0;
  bool is_mapped_ = false;
};

/** Writes a head and what follows it to a file, and waits until they are on the disk. @throws FileFault */
void write_file(const std::string& path, const std::vector<uint8_t>& head, const uint8_t* rest, size_t rest_bytes);

}  // namespace recall
