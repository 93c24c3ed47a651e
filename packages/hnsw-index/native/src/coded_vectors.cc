#include "coded_vectors.h"

#include "on_threads.h"

namespace recall {

void encode_rows(const Quantizer& quantizer, size_t count, const std::function<const float*(size_t)>& vector_at,
                 const CodeArrays& to, size_t threads) {
  const size_t stride = code_stride(quantizer.step.size());
  in_blocks(count, 4096, threads, [&](size_t begin, size_t end) {
    for (size_t row = begin; row < end; row++) {
      uint8_t* const residual = to.residuals == nullptr ? nullptr : to.residuals + row * stride;
      const Quantizer::Terms terms = quantizer.encode(vector_at(row), to.codes + row * stride, residual);
      if (to.scales != nullptr) to.scales[row] = terms.scale;
      if (to.bias != nullptr) to.bias[row] = terms.bias;
      if (to.fine_bias != nullptr) to.fine_bias[row] = terms.fine_bias;
    }
  });
}

namespace {

float* data_or_null(std::vector<float>& values) { return values.empty() ? nullptr : values.data(); }

}  // namespace

CodedVectors::CodedVectors(const VectorRows& vectors, Space space, bool is_scaled, bool has_residuals, size_t threads)
    : quantizer_(fit_quantizer(vectors, space, is_scaled)),
      codes_(Memory::allocate(vectors.count * code_stride(vectors.dim))),
      residuals_(has_residuals ? Memory::allocate(vectors.count * code_stride(vectors.dim)) : Memory()),
      scales_(is_scaled ? vectors.count : 0),
      bias_(space == Space::kL2 ? vectors.count : 0),
      fine_bias_(space == Space::kL2 && has_residuals ? vectors.count : 0),
      rows_({space, static_cast<uint32_t>(vectors.dim), code_stride(vectors.dim), false, quantizer_.origin.data(),
             quantizer_.shift.data(), quantizer_.step.data(), codes_.data(), residuals_.data(), data_or_null(scales_),
             data_or_null(bias_), data_or_null(fine_bias_)}) {
  const CodeArrays to = {codes_.writable(), residuals_.writable(), data_or_null(scales_), data_or_null(bias_),
                         data_or_null(fine_bias_)};
  encode_rows(quantizer_, vectors.count, [&](size_t row) { return vectors.at(row); }, to, threads);
}

}  // namespace recall
