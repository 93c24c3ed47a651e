#include "memory.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <new>
#include <utility>

#include "fault.h"

namespace recall {
namespace {

constexpr uintptr_t kHugePage = uintptr_t{1} << 21;

/** A file descriptor that is closed at the end of its scope. */
class File {
 public:
  File(const std::string& path, int flags) : descriptor_(::open(path.c_str(), flags | O_CLOEXEC, 0666)) {}
  ~File() {
    if (descriptor_ >= 0) ::close(descriptor_);
  }
  File(const File&) = delete;
  File& operator=(const File&) = delete;
  int get() const { return descriptor_; }

 private:
  const int descriptor_;
};

/** Memory that is unmapped at the end of its scope. */
class Mapping {
 public:
  Mapping(uint8_t* data, size_t bytes) : data_(data), bytes_(bytes) {}
  ~Mapping() { ::munmap(data_, bytes_); }
  Mapping(const Mapping&) = delete;
  Mapping& operator=(const Mapping&) = delete;

 private:
  uint8_t* const data_;
  const size_t bytes_;
};

FileFault system_fault(const char* fault, const std::string& doing) {
  return FileFault(fault, doing + ": " + std::strerror(errno));
}

size_t regular_size(const File& file) {
  struct stat status;
  if (file.get() < 0 || ::fstat(file.get(), &status) != 0) throw system_fault("missing", "it cannot be opened");
  if (!S_ISREG(status.st_mode)) throw FileFault("foreign", "it is not a regular file");
  if (status.st_size == 0) throw FileFault("truncated", "it is empty");
  return static_cast<size_t>(status.st_size);
}

void read_all(const File& file, uint8_t* data, size_t bytes) {
  for (size_t done = 0; done < bytes;) {
    const ssize_t got = ::pread(file.get(), data + done, bytes - done, static_cast<off_t>(done));
    if (got == 0) throw FileFault("truncated", "it became shorter while it was read");
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) throw system_fault("missing", "it cannot be read");
    done += static_cast<size_t>(got);
  }
}

void write_all(const File& file, const uint8_t* data, size_t bytes) {
  for (size_t done = 0; done < bytes;) {
    const ssize_t written = ::write(file.get(), data + done, bytes - done);
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) throw system_fault("unwritable", "it cannot be filled");
    done += static_cast<size_t>(written);
  }
}

/** Whether it is memory that can be neither written nor cut. */
bool is_sealed(int descriptor) {
#if defined(F_GET_SEALS)
  constexpr int kUnchanging = F_SEAL_WRITE | F_SEAL_SHRINK;
  const int seals = ::fcntl(descriptor, F_GET_SEALS);
  return seals >= 0 && (seals & kUnchanging) == kUnchanging;
#else
  static_cast<void>(descriptor);
  return false;
#endif
}

/** Maps a file at an address at which huge pages can lie. @returns nullptr where that is refused */
uint8_t* map_aligned(int descriptor, size_t bytes, int protection) {
  const size_t room = bytes + kHugePage;
  void* const reserved = ::mmap(nullptr, room, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (reserved == MAP_FAILED) return nullptr;
  uint8_t* const begin = static_cast<uint8_t*>(reserved);
  const uintptr_t aligned = (reinterpret_cast<uintptr_t>(begin) + kHugePage - 1) & ~(kHugePage - 1);
  uint8_t* const data = reinterpret_cast<uint8_t*>(aligned);
  if (::mmap(data, bytes, protection, MAP_SHARED | MAP_FIXED, descriptor, 0) == MAP_FAILED) {
    ::munmap(reserved, room);
    return nullptr;
  }
  // What is left on both sides is given back. The mapping ends within a page, which is its own.
  const size_t page = static_cast<size_t>(::sysconf(_SC_PAGESIZE));
  uint8_t* const end = data + (bytes + page - 1) / page * page;
  if (data > begin) ::munmap(begin, static_cast<size_t>(data - begin));
  if (begin + room > end) ::munmap(end, static_cast<size_t>(begin + room - end));
  return data;
}

/**
 * Puts shared memory on huge pages now. The kernel's setting for it is `never` on most systems, which this request is
 * exempt from (Linux 6.1).
 */
void collapse_to_huge_pages(void* data, size_t bytes) {
#if defined(__linux__)
  // glibc's headers before 2.37 lack it.
  constexpr int kCollapse = 25;
  // What it returns is of no use: a refusal leaves ordinary pages.
  ::madvise(data, bytes, kCollapse);
#else
  static_cast<void>(data);
  static_cast<void>(bytes);
#endif
}

}  // namespace

void prefer_huge_pages(void* data, size_t bytes) {
#if defined(MADV_HUGEPAGE)
  const uintptr_t first = (reinterpret_cast<uintptr_t>(data) + kHugePage - 1) & ~(kHugePage - 1);
  const uintptr_t last = (reinterpret_cast<uintptr_t>(data) + bytes) & ~(kHugePage - 1);
  // What it returns is of no use: a refusal leaves ordinary pages.
  if (first < last) ::madvise(reinterpret_cast<void*>(first), last - first, MADV_HUGEPAGE);
#else
  static_cast<void>(data);
  static_cast<void>(bytes);
#endif
}

Memory::Memory(Memory&& other) noexcept
    : data_(std::exchange(other.data_, nullptr)), size_(std::exchange(other.size_, 0)), place_(other.place_) {}

Memory& Memory::operator=(Memory&& other) noexcept {
  std::swap(data_, other.data_);
  std::swap(size_, other.size_);
  std::swap(place_, other.place_);
  return *this;
}

Memory::~Memory() {
  if (data_ != nullptr) ::munmap(data_, size_);
}

Memory Memory::allocate(size_t bytes) {
  void* data = ::mmap(nullptr, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (data == MAP_FAILED) throw std::bad_alloc();
  prefer_huge_pages(data, bytes);
  return Memory(static_cast<uint8_t*>(data), bytes, Place::kOwn);
}

Memory Memory::map(const std::string& path) {
  const File file(path, O_RDONLY);
  const size_t bytes = regular_size(file);
  uint8_t* const data = map_aligned(file.get(), bytes, PROT_READ);
  if (data == nullptr) throw system_fault("missing", "it cannot be mapped");
  if (is_sealed(file.get())) {
    collapse_to_huge_pages(data, bytes);
    return Memory(data, bytes, Place::kSealed);
  }
  prefer_huge_pages(data, bytes);
  ::madvise(data, bytes, MADV_WILLNEED);
  return Memory(data, bytes, Place::kMapped);
}

Memory Memory::read(const std::string& path) {
  const File file(path, O_RDONLY);
  const size_t bytes = regular_size(file);
  Memory memory = allocate(bytes);
  read_all(file, memory.data_, bytes);
  return memory;
}

int copy_to_sealed_memory(const std::string& path) {
#if defined(__linux__)
  const File file(path, O_RDONLY);
  const size_t bytes = regular_size(file);
  const int descriptor = ::memfd_create("vector-recall-index", MFD_CLOEXEC | MFD_ALLOW_SEALING);
  if (descriptor < 0) throw std::bad_alloc();
  try {
    if (::ftruncate(descriptor, static_cast<off_t>(bytes)) != 0) throw std::bad_alloc();
    uint8_t* const data = map_aligned(descriptor, bytes, PROT_READ | PROT_WRITE);
    if (data == nullptr) throw std::bad_alloc();
    const Mapping filled(data, bytes);
    read_all(file, data, bytes);
    collapse_to_huge_pages(data, bytes);
  } catch (...) {
    ::close(descriptor);
    throw;
  }
  // Only memory that nobody has mapped for writing can be sealed against it.
  if (::fcntl(descriptor, F_ADD_SEALS, F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE | F_SEAL_SEAL) != 0) {
    ::close(descriptor);
    throw std::bad_alloc();
  }
  return descriptor;
#else
  static_cast<void>(path);
  throw std::bad_alloc();
#endif
}

void write_file(const std::string& path, const std::vector<uint8_t>& head, const uint8_t* rest, size_t rest_bytes) {
  const File file(path, O_WRONLY | O_CREAT | O_TRUNC);
  if (file.get() < 0) throw system_fault("unwritable", "it cannot be created");
  write_all(file, head.data(), head.size());
  write_all(file, rest, rest_bytes);
  if (::fsync(file.get()) != 0) throw system_fault("unwritable", "it cannot be brought to the disk");
}

}  // namespace recall
