#include <optional>

#include "addon_index.h"
#include "graph_builder.h"
#include "graph_file.h"
#include "image_writer.h"
#include "low_priority.h"

namespace recall {
namespace {

void at_priority(bool is_low, const std::function<void()>& work) {
  if (is_low) {
    at_low_priority(work);
  } else {
    work();
  }
}

/** `(): handle` — what a build tells of itself while it goes on. */
napi_value create_progress(napi_env env, const Arguments&) {
  return make_handle(env, std::make_shared<BuildProgress>());
}

/** `(progress): rows` that are in the graph. */
napi_value read_progress(napi_env env, const Arguments& given) {
  return make_number(env, static_cast<double>(given.handle<BuildProgress>(0)->done.load()));
}

/** `(progress)` — the build ends with ENGINE_CANCELLED. */
napi_value cancel_build(napi_env, const Arguments& given) {
  given.handle<BuildProgress>(0)->is_cancelled = true;
  return nullptr;
}

/** `(vectors, space, dim, m, efConstruction, seed, threads, kernels, progress, isLowPriority): Promise<graph>` */
napi_value build_graph(napi_env env, const Arguments& given) {
  const auto [vectors, length] = given.floats(0);
  const BuildParameters parameters = {static_cast<Space>(given.uint32(1)), given.uint32(2), given.uint32(3),
                                      given.uint32(4),                     given.uint32(5), given.uint32(6)};
  const Kernels& kernels = kernels_named(env, given.text(7));
  const std::shared_ptr<BuildProgress> progress = given.handle<BuildProgress>(8);
  const bool is_low = given.flag(9);
  const auto built = std::make_shared<std::shared_ptr<Graph>>();
  return run_async(
      env, {given.at(0)},
      [=, &kernels, vectors = vectors, length = length] {
        at_priority(is_low, [&] {
          *built = Graph::build(vectors, length / parameters.dim, parameters, kernels, *progress);
        });
      },
      [=](napi_env finishing) { return make_handle(finishing, *built); });
}

/**
 * `(base, rows, vectors, seed, threads, kernels, progress, isLowPriority): Promise<graph>` — of the vectors, those at
 * `rows` with the links that they have in the index.
 */
napi_value update_graph(napi_env env, const Arguments& given) {
  const ServedFile& file = given.handle<ServedIndex>(0)->file(env);
  const ImageView& base = file.image();
  const auto [rows, row_count] = given.ints(1);
  const auto [vectors, length] = given.floats(2);
  given.require(row_count == base.count, "There must be a row for each of the base.");
  const BuildParameters parameters = {base.space,           base.dim,       base.m,
                                      base.ef_construction, given.uint32(3), given.uint32(4)};
  const Kernels& kernels = kernels_named(env, given.text(5));
  const std::shared_ptr<BuildProgress> progress = given.handle<BuildProgress>(6);
  const bool is_low = given.flag(7);
  const auto built = std::make_shared<std::shared_ptr<Graph>>();
  return run_async(
      env, {given.at(1), given.at(2)},
      // The memory outlives the index where that is closed meanwhile.
      [=, &kernels, memory = file.memory(), base = base, rows = rows, vectors = vectors, length = length] {
        at_priority(is_low, [&] {
          *built = Graph::update(base, rows, vectors, length / parameters.dim, parameters, kernels, *progress);
        });
      },
      [=](napi_env finishing) { return make_handle(finishing, *built); });
}

/** `(graph, path): Promise<void>` */
napi_value save_graph(napi_env env, const Arguments& given) {
  const std::shared_ptr<Graph> graph = given.handle<Graph>(0);
  const std::string path = given.text(1);
  return run_async(env, {}, [=] { graph->save(path); }, [](napi_env) -> napi_value { return nullptr; });
}

/**
 * `(graph, keepVectors, limit, threads, isLowPriority, like): Promise<memory>` — a serving file in memory, whose rows are
 * compared by what the rows of another index are, if it is given.
 */
napi_value write_image_of_graph(napi_env env, const Arguments& given) {
  const std::shared_ptr<Graph> graph = given.handle<Graph>(0);
  const ImageOptions options = {static_cast<KeepVectors>(given.uint32(1)), given.uint32(2), given.uint32(3)};
  const bool is_low = given.flag(4);
  std::optional<PrecisionChoice> choice;
  if (!given.is_null(5)) {
    const ImageView& like = given.handle<ServedIndex>(5)->file(env).image();
    choice = {like.precision, like.scales != nullptr};
  }
  const auto memory = std::make_shared<Memory>();
  return run_async(
      env, {},
      [=] {
        at_priority(is_low, [&] {
          *memory = choice ? write_image(graph->view(), graph->space(), options, *choice)
                           : write_image(graph->view(), graph->space(), options);
        });
      },
      [=](napi_env finishing) { return make_handle(finishing, memory); });
}

/** `(graph): Promise<void>` — frees it, which takes too long for the thread of JavaScript. */
napi_value drop_graph(napi_env env, const Arguments& given) {
  const auto dropped = std::make_shared<std::shared_ptr<Graph>>(given.take<Graph>(0));
  return run_async(env, {}, [=] { dropped->reset(); }, [](napi_env) -> napi_value { return nullptr; });
}

/** `(path, space, keepVectors, limit, threads): Promise<memory>` — the same from a file of hnswlib's format. */
napi_value write_image_of_file(napi_env env, const Arguments& given) {
  const std::string path = given.text(0);
  const Space space = static_cast<Space>(given.uint32(1));
  const ImageOptions options = {static_cast<KeepVectors>(given.uint32(2)), given.uint32(3), given.uint32(4)};
  const auto memory = std::make_shared<Memory>();
  return run_async(
      env, {},
      [=] {
        const GraphFile file = open_graph_file(path);
        *memory = write_image(file.view, space, options);
      },
      [=](napi_env finishing) { return make_handle(finishing, memory); });
}

}  // namespace

void define_build(napi_env env, napi_value exports) {
  define<create_progress>(env, exports, "createProgress");
  define<read_progress>(env, exports, "readProgress");
  define<cancel_build>(env, exports, "cancelBuild");
  define<build_graph>(env, exports, "buildGraph");
  define<update_graph>(env, exports, "updateGraph");
  define<drop_graph>(env, exports, "dropGraph");
  define<save_graph>(env, exports, "saveGraph");
  define<write_image_of_graph>(env, exports, "imageOfGraph");
  define<write_image_of_file>(env, exports, "imageOfGraphFile");
}

}  // namespace recall
