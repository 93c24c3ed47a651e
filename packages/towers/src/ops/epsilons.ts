/**
 * Added to the variance before its root in batch normalisation. The smallest that TensorFlow's kernels take on every
 * device: fresh embedding tables make a first layer whose variance is around 0.01, which a larger constant would distort.
 */
export const BATCH_NORM_EPSILON = 1.001e-5;

/** Keeps the direction of a vector of all zeros finite; squared lengths of real vectors are far above it. */
export const L2_EPSILON = 1e-12;

/** Added to the variance of a row before its root in layer normalisation; rows of fresh tables have one around 0.1. */
export const LAYER_NORM_EPSILON = 1e-5;
