#include "hidden_layer.h"

#include <algorithm>
#include <cmath>
#include <vector>

#include "columns.h"
#include "multiversion.h"
#include "parallel.h"
#include "vectors.h"

namespace recall {
namespace {

/** Values per thread from which a second thread is worth waking. */
constexpr size_t kGrain = 32 * 1024;

struct Line {
  const float* factor;
  const float* shift;
};

// What is not a number is not below 0 and goes on, so that a training that diverges is noticed.
RECALL_MULTIVERSION void rectify_row(const float* __restrict x, Line line, float* __restrict out, size_t count) {
  for (size_t i = 0; i < count; i++) {
    const float normal = x[i] * line.factor[i] + line.shift[i];
    out[i] = normal < 0 ? 0 : normal;
  }
}

RECALL_MULTIVERSION void rectify_and_drop_row(const float* __restrict x, Line line, const uint8_t* __restrict kept,
                                              float* __restrict out, size_t count) {
  for (size_t i = 0; i < count; i++) {
    const float normal = (x[i] * line.factor[i] + line.shift[i]) * static_cast<float>(kept[i]);
    out[i] = normal < 0 ? 0 : normal;
  }
}

/** Rows whose sums are kept in single precision before they are added in double. */
constexpr size_t kBlockRows = 16;

/** Sums of the gradient where it passes, and of its products with the distance to the mean, `[columns]` each. */
struct PassingSums {
  std::vector<double> gradient;
  std::vector<double> products;
};

/** A batch going back: gradient, value and input of one shape, and the mean of each column. */
struct Passing {
  const float* gradient;
  const float* value;
  const float* input;
  const float* mean;
  size_t columns;
};

/** Adds up to kBlockRows rows of kLanes columns, from the value at `at` on. */
RECALL_MULTIVERSION void add_block(const Passing& batch, size_t at, size_t rows, double* sums, double* products) {
  Floats sum{}, product{}, mean;
  load(batch.mean + at % batch.columns, &mean);
  for (size_t row = 0; row < rows; row++, at += batch.columns) {
    Floats dy, y, x;
    load(batch.gradient + at, &dy);
    load(batch.value + at, &y);
    load(batch.input + at, &x);
    dy = y > 0 ? dy : Floats{};
    sum += dy;
    product += dy * (x - mean);
  }
  for (size_t i = 0; i < kLanes; i++) {
    sums[i] += double{sum[i]};
    products[i] += double{product[i]};
  }
}

/** As {@link add_block}, for one column. */
void add_column(const Passing& batch, size_t at, size_t rows, double* sum, double* product) {
  const float mean = batch.mean[at % batch.columns];
  for (size_t row = 0; row < rows; row++, at += batch.columns) {
    const float dy = batch.value[at] > 0 ? batch.gradient[at] : 0;
    *sum += double{dy};
    *product += double{dy} * (double{batch.input[at]} - double{mean});
  }
}

/** Columns are cut between the threads: each sum is one thread's, in the order of the rows. */
PassingSums sum_passing(const Passing& batch, size_t rows) {
  PassingSums sums{std::vector<double>(batch.columns), std::vector<double>(batch.columns)};
  const size_t vectors = batch.columns / kLanes;
  parallel(vectors, kGrain / (rows * kLanes) + 1, [&](size_t first, size_t last) {
    for (size_t row = 0; row < rows; row += kBlockRows) {
      const size_t block = std::min(kBlockRows, rows - row);
      for (size_t column = first * kLanes; column < last * kLanes; column += kLanes) {
        add_block(batch, row * batch.columns + column, block, &sums.gradient[column], &sums.products[column]);
      }
    }
  });
  for (size_t column = vectors * kLanes; column < batch.columns; column++) {
    add_column(batch, column, rows, &sums.gradient[column], &sums.products[column]);
  }
  return sums;
}

/** dx = slope·(dy where it passes) + pull·x + rest */
RECALL_MULTIVERSION void pull_row(const float* __restrict gradient, const float* __restrict value,
                                  const float* __restrict x, const float* __restrict slope,
                                  const float* __restrict pull, const float* __restrict rest, float* __restrict out,
                                  size_t count) {
  for (size_t i = 0; i < count; i++) {
    // Read in any case: a load under a condition keeps the loop from being a vector's.
    const float dy = gradient[i];
    const float passing = value[i] > 0 ? dy : 0.0f;
    out[i] = passing * slope[i] + (x[i] * pull[i] + rest[i]);
  }
}

size_t rows_per_thread(const HiddenLayer& layer) { return kGrain / layer.columns + 1; }

}  // namespace

void normalize_and_drop(const HiddenLayer& layer, const float* offset, double epsilon, ColumnMoments moments,
                        float* out) {
  const size_t columns = layer.columns;
  const double rows = static_cast<double>(layer.rows);
  const Matrix input{layer.input, layer.rows, columns};
  std::vector<double> mean(columns), squares(columns);
  sum_columns(input, mean.data());
  for (double& sum : mean) sum /= rows;
  sum_squared_deviations(input, mean.data(), squares.data());

  std::vector<float> factor(columns), shift(columns);
  for (size_t i = 0; i < columns; i++) {
    const double inverse = 1 / std::sqrt(squares[i] / rows + epsilon);
    moments.mean[i] = static_cast<float>(mean[i]);
    moments.variance[i] = static_cast<float>(squares[i] / std::max(1.0, rows - 1));
    moments.inverse[i] = static_cast<float>(inverse);
    factor[i] = static_cast<float>(layer.scale[i] * inverse);
    shift[i] = static_cast<float>(offset[i] - mean[i] * layer.scale[i] * inverse);
  }
  const Line line{factor.data(), shift.data()};
  parallel(layer.rows, rows_per_thread(layer), [&](size_t first, size_t last) {
    for (size_t at = first * columns; at < last * columns; at += columns) {
      if (layer.kept) rectify_and_drop_row(layer.input + at, line, layer.kept + at, out + at, columns);
      else rectify_row(layer.input + at, line, out + at, columns);
    }
  });
}

void normalize_and_drop_gradient(const HiddenLayer& layer, const float* gradient, const float* value, const float* mean,
                                 const float* inverse, float* of_input, float* of_scale, float* of_offset) {
  const size_t columns = layer.columns;
  const PassingSums sums = sum_passing({gradient, value, layer.input, mean, columns}, layer.rows);

  std::vector<float> slope(columns), pull(columns), rest(columns);
  for (size_t i = 0; i < columns; i++) {
    const double factor = double{layer.scale[i]} * inverse[i], rows = static_cast<double>(layer.rows);
    const double scale_gradient = sums.products[i] * inverse[i];
    const double along = -factor * inverse[i] * scale_gradient / rows;
    slope[i] = static_cast<float>(factor);
    pull[i] = static_cast<float>(along);
    rest[i] = static_cast<float>(-factor * sums.gradient[i] / rows - along * mean[i]);
    of_scale[i] = static_cast<float>(scale_gradient);
    of_offset[i] = static_cast<float>(sums.gradient[i]);
  }
  parallel(layer.rows, rows_per_thread(layer), [&](size_t first, size_t last) {
    for (size_t at = first * columns; at < last * columns; at += columns) {
      pull_row(gradient + at, value + at, layer.input + at, slope.data(), pull.data(), rest.data(), of_input + at,
               columns);
    }
  });
}

}  // namespace recall
