#include "addon_index.h"

namespace recall {

const Kernels& kernels_named(napi_env env, const std::string& name) {
  const Kernels* kernels = find_kernels(name);
  if (kernels == nullptr) throw_js(env, "ENGINE_ARGUMENT", "This processor has no instructions named " + name + ".");
  return *kernels;
}

namespace {

/** `(): string[]` — the instruction sets that this processor runs, the fastest first. */
napi_value list_kernels(napi_env env, const Arguments&) {
  napi_value names;
  check(env, napi_create_array(env, &names));
  uint32_t i = 0;
  for (const Kernels* set : available_kernels()) check(env, napi_set_element(env, names, i++, make_text(env, set->name)));
  return names;
}

}  // namespace
}  // namespace recall

NAPI_MODULE_INIT() {
  try {
    recall::define<recall::list_kernels>(env, exports, "listKernels");
    recall::define_index(env, exports);
    recall::define_build(env, exports);
    recall::define_exact(env, exports);
    return exports;
  } catch (const recall::JsPending&) {
    return nullptr;
  }
}
