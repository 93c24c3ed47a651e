#include <algorithm>
#include <cmath>

#include "tests.h"

namespace recall {
namespace {

/** What nothing may write over. */
constexpr float kGuard = -77;

/** On both sides of tiles, panels and blocks of rows, columns and depth, and what a step has. */
constexpr ProductShape kShapes[] = {{1, 1, 1},    {3, 5, 2},     {8, 32, 64},   {9, 33, 31},    {7, 16, 65},
                                    {50, 31, 33}, {49, 48, 257}, {65, 513, 17}, {32, 1030, 40}, {17, 64, 515},
                                    {133, 161, 257}};

/** Left operands are read as `[rows, depth]` or, turned, from `[depth, rows]`; rows of the others are further apart. */
struct Operands {
  ProductShape shape;
  bool turned;
  std::vector<float> left, right;
  size_t stride;

  Operands(ProductShape of, bool is_turned)
      : shape(of),
        turned(is_turned),
        left(floats(of.rows * of.depth, 91)),
        right(floats(of.depth * (of.columns + 3), 92)),
        stride(of.columns + 3) {}

  Left of_left() const { return turned ? Left{left.data(), 1, shape.rows} : Left{left.data(), shape.depth, 1}; }
  Right of_right() const { return {right.data(), stride}; }

  /** The sum of an entry in double precision, or that of its terms' magnitudes. */
  double sum(size_t row, size_t column, bool magnitudes) const {
    const Left from = of_left();
    double total = 0;
    for (size_t p = 0; p < shape.depth; p++) {
      const double term = double{from.values[row * from.row + p * from.step]} * right[p * stride + column];
      total += magnitudes ? std::fabs(term) : term;
    }
    return total;
  }
};

/**
 * Half a unit of the last of 8 bits, 2^-9, for each factor, and their product; and half a unit of float32 for each
 * addition. Float32 alone rounds each product as well.
 */
double bound(Precision precision, size_t depth) {
  const double of_sums = std::ldexp(static_cast<double>(depth) + 2, -24);
  return of_sums + (precision == Precision::bfloat16 ? std::ldexp(1, -8) + std::ldexp(1, -18) : 0);
}

void check_products(const Operands& operands, Precision precision) {
  const auto [rows, columns, depth] = operands.shape;
  const size_t stride = operands.stride;
  std::vector<float> out(rows * stride, kGuard), sums(rows * stride, 1), tall(rows * stride, kGuard);
  multiply(operands.of_left(), operands.of_right(), {out.data(), stride}, operands.shape, precision);
  multiply_add(operands.of_left(), operands.of_right(), {sums.data(), stride}, operands.shape, precision);
  multiply_tall(operands.of_left(), operands.of_right(), {tall.data(), stride}, operands.shape, precision);
  for (size_t row = 0; row < rows; row++) {
    for (size_t column = 0; column < columns; column++) {
      const size_t at = row * stride + column;
      const double expected = operands.sum(row, column, false), magnitude = operands.sum(row, column, true);
      const double most = bound(precision, depth) * magnitude;
      CHECK(std::fabs(out[at] - expected) <= most);
      CHECK(std::fabs(tall[at] - expected) <= most);
      CHECK(std::fabs(sums[at] - (expected + 1)) <= most + std::ldexp(static_cast<double>(depth) + 2, -24));
    }
    for (size_t column = columns; column < stride; column++) {
      const size_t at = row * stride + column;
      CHECK(out[at] == kGuard && tall[at] == kGuard && sums[at] == 1);
    }
  }
}

/** Whole numbers of up to 8 bits are bfloat16, and sums of their products float32: every precision gives them exactly. */
void check_whole_numbers(Operands operands, Precision precision) {
  // 258 products of 255·255 stay below 2^24, above which float32 has gaps.
  if (operands.shape.depth > 258) return;
  for (float& value : operands.left) value = std::round(value * 255);
  for (float& value : operands.right) value = std::round(value * 255);
  const auto [rows, columns, depth] = operands.shape;
  std::vector<float> out(rows * columns);
  multiply(operands.of_left(), operands.of_right(), {out.data(), columns}, operands.shape, precision);
  for (size_t row = 0; row < rows; row++) {
    for (size_t column = 0; column < columns; column++) {
      CHECK(out[row * columns + column] == operands.sum(row, column, false));
    }
  }
}

/** Threads cut the rows of a product at any place: each row is what it is alone. */
void check_cuts(const Operands& operands, Precision precision) {
  const auto [rows, columns, depth] = operands.shape;
  std::vector<float> whole(rows * columns), cut(rows * columns);
  multiply(operands.of_left(), operands.of_right(), {whole.data(), columns}, operands.shape, precision);
  for (size_t row = 0; row < rows; row++) {
    const Left all = operands.of_left();
    multiply({all.values + row * all.row, all.row, all.step}, operands.of_right(), {cut.data() + row * columns, columns},
             {1, columns, depth}, precision);
  }
  CHECK(whole == cut);
}

/** Halves of the last of 8 bits go to the even neighbour, and what is not a number stays so. */
void check_rounding() {
  const float one = 1, below = 1 + std::ldexp(1.0f, -8), above = 1 + 3 * std::ldexp(1.0f, -8), none = std::nanf("");
  const auto rounded = [&](float value) {
    float out = kGuard;
    multiply({&value, 1, 1}, {&one, 1}, {&out, 1}, {1, 1, 1}, Precision::bfloat16);
    return out;
  };
  CHECK(rounded(below) == 1 && rounded(-below) == -1);
  CHECK(rounded(above) == 1 + std::ldexp(1.0f, -6));
  CHECK(rounded(below + std::ldexp(1.0f, -23)) == 1 + std::ldexp(1.0f, -7));
  CHECK(std::isinf(rounded(INFINITY)) && std::isnan(rounded(none)));
}

}  // namespace

void test_products() {
  for (const Precision precision : precisions()) {
    for (const ProductShape& shape : kShapes) {
      for (const bool turned : {false, true}) {
        const Operands operands(shape, turned);
        check_products(operands, precision);
        check_whole_numbers(operands, precision);
        check_cuts(operands, precision);
      }
    }
  }
  if (has_bf16_products()) check_rounding();
}

}  // namespace recall
