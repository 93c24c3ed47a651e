#pragma once

/**
 * A loop compiled once per generation of processors; which one runs is decided when the addon is loaded. All of them
 * give the same bits: no loop of this addon sums across lanes in an order of its own, and the compiler may not fuse a
 * product with a sum (-ffp-contract=off).
 */
#if defined(__x86_64__) && defined(__linux__) && defined(__GNUC__) && !defined(__SANITIZE_ADDRESS__) && \
    !defined(__SANITIZE_THREAD__)
#define RECALL_MULTIVERSION __attribute__((target_clones("arch=x86-64-v4", "arch=x86-64-v3", "default")))
#else
#define RECALL_MULTIVERSION
#endif
