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

/** Bytes of a serving file. Moves only. */
class Memory {
 public:
  /** In this process alone, in a file that may change, or in sealed memory that no process can change. */
  enum class Place { kOwn, kMapped, kSealed };

  Memory() = default;
  Memory(Memory&& other) noexcept;
  Memory& operator=(Memory&& other) noexcept;
  ~Memory();

  /** Zeros. @throws std::bad_alloc */
  static Memory allocate(size_t bytes);
  /** The file itself, read-only and shared; on huge pages where it is sealed memory that has them. @throws FileFault */
  static Memory map(const std::string& path);
  /** The file's bytes in memory of its own. @throws FileFault, std::bad_alloc */
  static Memory read(const std::string& path);

  const uint8_t* data() const { return data_; }
  uint8_t* writable() { return data_; }
  size_t size() const { return size_; }
  Place place() const { return place_; }

 private:
  Memory(uint8_t* data, size_t size, Place place) : data_(data), size_(size), place_(place) {}
  uint8_t* data_ = nullptr;
  size_t size_ = 0;
  Place place_ = Place::kOwn;
};

/**
 * Copies a file into memory that other processes can map and nobody can change: a memfd, sealed, on huge pages where the
 * kernel grants them.
 *
 * @returns its descriptor, to be closed by the caller; memory that is mapped outlives it
 * @throws FileFault, std::bad_alloc
 */
int copy_to_sealed_memory(const std::string& path);

/** Writes a head and what follows it to a file, and waits until they are on the disk. @throws FileFault */
void write_file(const std::string& path, const std::vector<uint8_t>& head, const uint8_t* rest, size_t rest_bytes);

}  // namespace recall
