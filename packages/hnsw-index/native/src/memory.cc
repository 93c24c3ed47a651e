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

FileFault system_fault(const char* fault, const std::string& doing) {
  return FileFault(fault, doing + ": " + std::strerror(errno));
}

size_t regular_size(const File& file) {
  struct stat status;
  if (file.get() < 0 || ::fstat(file.get(), &status) != 0) throw system_fault("missing", "it can not be opened");
  if (!S_ISREG(status.st_mode)) throw FileFault("foreign", "it is not a regular file");
  return static_cast<size_t>(status.st_size);
}

void write_all(const File& file, const uint8_t* data, size_t bytes) {
  for (size_t done = 0; done < bytes;) {
    const ssize_t written = ::write(file.get(), data + done, bytes - done);
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) throw system_fault("unwritable", "it can not be filled");
    done += static_cast<size_t>(written);
  }
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
    : data_(std::exchange(other.data_, nullptr)), size_(std::exchange(other.size_, 0)), is_mapped_(other.is_mapped_) {}

Memory& Memory::operator=(Memory&& other) noexcept {
  std::swap(data_, other.data_);
  std::swap(size_, other.size_);
  std::swap(is_mapped_, other.is_mapped_);
  return *this;
}

Memory::~Memory() {
  if (data_ != nullptr) ::munmap(data_, size_);
}

Memory Memory::allocate(size_t bytes) {
  void* data = ::mmap(nullptr, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (data == MAP_FAILED) throw std::bad_alloc();
  prefer_huge_pages(data, bytes);
  return Memory(static_cast<uint8_t*>(data), bytes, false);
}

Memory Memory::map(const std::string& path) {
  const File file(path, O_RDONLY);
  const size_t bytes = regular_size(file);
  if (bytes == 0) throw FileFault("truncated", "it is empty");
  void* data = ::mmap(nullptr, bytes, PROT_READ, MAP_SHARED, file.get(), 0);
  if (data == MAP_FAILED) throw system_fault("missing", "it can not be mapped");
  prefer_huge_pages(data, bytes);
  ::madvise(data, bytes, MADV_WILLNEED);
  return Memory(static_cast<uint8_t*>(data), bytes, true);
}

Memory Memory::read(const std::string& path) {
  const File file(path, O_RDONLY);
  const size_t bytes = regular_size(file);
  if (bytes == 0) throw FileFault("truncated", "it is empty");
  Memory memory = allocate(bytes);
  for (size_t done = 0; done < bytes;) {
    const ssize_t got = ::pread(file.get(), memory.data_ + done, bytes - done, static_cast<off_t>(done));
    if (got == 0) throw FileFault("truncated", "it became shorter while it was read");
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) throw system_fault("missing", "it can not be read");
    done += static_cast<size_t>(got);
  }
  return memory;
}

void write_file(const std::string& path, const std::vector<uint8_t>& head, const uint8_t* rest, size_t rest_bytes) {
  const File file(path, O_WRONLY | O_CREAT | O_TRUNC);
  if (file.get() < 0) throw system_fault("unwritable", "it can not be created");
  write_all(file, head.data(), head.size());
  write_all(file, rest, rest_bytes);
  if (::fsync(file.get()) != 0) throw system_fault("unwritable", "it can not be brought to the disk");
}

}  // namespace recall
