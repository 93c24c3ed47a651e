#include "addon_index.h"

namespace recall {

ServedFile::ServedFile(std::shared_ptr<const Memory> memory, bool verify, const Kernels& kernels, size_t threads)
    : memory_(std::move(memory)),
      image_(parse_image(memory_->data(), memory_->size(), verify)),
      kernels_(kernels),
      workers_(std::make_unique<WorkerPool>(image_, kernels_, threads)) {}

Searcher& ServedFile::searcher() {
  if (searcher_ == nullptr) searcher_ = std::make_unique<Searcher>(image_, kernels_);
  return *searcher_;
}

const RowDirections& ServedFile::directions() {
  if (directions_ == nullptr) directions_ = std::make_unique<const RowDirections>(image_);
  return *directions_;
}

ServedIndex::~ServedIndex() {
  if (env_ != nullptr) napi_remove_env_cleanup_hook(env_, end_threads, this);
}

void ServedIndex::connect(napi_env env, napi_value on_done) {
  if (caller_ != nullptr) refuse(env, "The index has a function to call already.");
  caller_ = std::make_unique<SearchCaller>(env, on_done);
  check(env, napi_add_env_cleanup_hook(env, end_threads, this));
  env_ = env;
}

ServedFile& ServedIndex::file(napi_env env) {
  if (file_ == nullptr) throw_js(env, "ENGINE_CLOSED", "The index is closed.");
  return *file_;
}

SearchCaller& ServedIndex::caller(napi_env env) {
  if (caller_ == nullptr) refuse(env, "The index has no function to call when a search is done.");
  return *caller_;
}

void ServedIndex::end_threads(void* index) {
  ServedIndex& served = *static_cast<ServedIndex*>(index);
  served.env_ = nullptr;
  served.close();
}

namespace {

/** `(path, mapped): Promise<memory>` */
napi_value load_memory(napi_env env, const Arguments& given) {
  const std::string path = given.text(0);
  const bool is_mapped = given.flag(1);
  const auto memory = std::make_shared<Memory>();
  return run_async(
      env, {}, [=] { *memory = is_mapped ? Memory::map(path) : Memory::read(path); },
      [=](napi_env finishing) { return make_handle(finishing, memory); });
}

/** `(path): Promise<descriptor>` — a copy of the file that other processes can map, until the descriptor is closed. */
napi_value share_file(napi_env env, const Arguments& given) {
  const std::string path = given.text(0);
  const auto descriptor = std::make_shared<int>(-1);
  return run_async(
      env, {}, [=] { *descriptor = copy_to_sealed_memory(path); },
      [=](napi_env finishing) { return make_number(finishing, *descriptor); });
}

/** `(index, path, limit): Promise<void>` — with another limit to search with. */
napi_value save_index(napi_env env, const Arguments& given) {
  const std::shared_ptr<const Memory> image = given.handle<ServedIndex>(0)->file(env).memory();
  const std::string path = given.text(1);
  const uint32_t limit = given.uint32(2);
  return run_async(
      env, {},
      [=] { write_file(path, header_with_limit(image->data(), limit), image->data() + kPage, image->size() - kPage); },
      [](napi_env) -> napi_value { return nullptr; });
}

/** `(memory, verify, kernels, threads): Promise<index>` — the memory is the index's from now on, and goes when it is closed. */
napi_value open_index(napi_env env, const Arguments& given) {
  std::shared_ptr<Memory> memory = given.take<Memory>(0);
  const bool verify = given.flag(1);
  const Kernels& kernels = kernels_named(env, given.text(2));
  const size_t threads = given.uint32(3);
  const auto opened = std::make_shared<std::shared_ptr<ServedIndex>>();
  return run_async(
      env, {}, [=, &kernels, memory = std::move(memory)]() mutable {
        *opened = std::make_shared<ServedIndex>(std::make_unique<ServedFile>(std::move(memory), verify, kernels, threads));
      },
      [=](napi_env finishing) { return make_handle(finishing, *opened); });
}

/** `(index): { space, dim, count, … }` */
napi_value describe_index(napi_env env, const Arguments& given) {
  const ServedFile& file = given.handle<ServedIndex>(0)->file(env);
  const ImageView& image = file.image();
  napi_value facts;
  check(env, napi_create_object(env, &facts));
  const auto number = [&](const char* name, double value) { set_property(env, facts, name, make_number(env, value)); };
  number("space", static_cast<double>(image.space));
  number("dim", image.dim);
  number("count", image.count);
  number("m", image.m);
  number("efConstruction", image.ef_construction);
  number("limit", image.limit);
  number("bytes", static_cast<double>(file.memory()->size()));
  number("keepsVectors", image.vectors != nullptr ? 1 : 0);
  number("precision", static_cast<double>(image.precision));
  number("place", static_cast<double>(file.memory()->place()));
  set_property(env, facts, "kernels", make_text(env, file.kernels().name));
  return facts;
}

/** `(index): Promise<void>` — ends its threads and unmaps its file; the searches under way must be done. */
napi_value close_index(napi_env env, const Arguments& given) {
  const auto closed = std::make_shared<std::unique_ptr<ServedFile>>(given.handle<ServedIndex>(0)->close());
  return run_async(
      env, {}, [=] { closed->reset(); }, [](napi_env) -> napi_value { return nullptr; });
}

}  // namespace

void define_index(napi_env env, napi_value exports) {
  define<load_memory>(env, exports, "loadImage");
  define<share_file>(env, exports, "shareFile");
  define<save_index>(env, exports, "saveIndex");
  define<open_index>(env, exports, "openIndex");
  define<describe_index>(env, exports, "describeIndex");
  define<close_index>(env, exports, "closeIndex");
}

}  // namespace recall
