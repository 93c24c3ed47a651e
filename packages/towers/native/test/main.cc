#include "tests.h"

int main() {
  recall::test_look_ups();
  recall::test_sums();
  recall::test_pooled_lists();
  recall::test_adam();
  recall::test_columns();
  recall::test_products();
  recall::test_softmax_loss();
  recall::test_hidden_layer();
  recall::test_transformer_block();
  recall::test_pool_loss();
  recall::test_relu_layer();
  recall::test_unit_rows();
  recall::test_failing_work();
}
