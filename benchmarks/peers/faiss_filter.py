"""faiss with a filter: IVF with 8-bit codes and an id selector, searched query by query on one thread; prints JSON.

usage: faiss_filter.py JOB   the benchmark's own description of what to do, as JSON
"""
import json
import os
import sys
import time

import faiss
import numpy as np


def unit(x):
    return np.ascontiguousarray(x / np.linalg.norm(x, axis=1, keepdims=True))


def build(x, queries, k):
    """Lists as commonly advised; as many of them are probed as find 95 % of what an unfiltered search looks for."""
    lists = int(4 * len(x) ** 0.5)
    index = faiss.index_factory(x.shape[1], f"IVF{lists},SQ8", faiss.METRIC_INNER_PRODUCT)
    index.train(x[: min(len(x), 60 * lists)])
    index.add(x)
    _, truth = faiss.knn(queries, x, k, metric=faiss.METRIC_INNER_PRODUCT)
    for probes in [1, 2, 3, 4, 6, 8, 12, 16, 24, 32, 48, 64, 96, 128, 192, 256, lists]:
        index.nprobe = probes
        _, found = index.search(queries, k)
        if np.mean([len(np.intersect1d(a, b)) / k for a, b in zip(found, truth)]) >= 0.95:
            return index
    return index


def search(job):
    queries, k = unit(np.load(job["queries"])), job["k"]
    if not os.path.exists(job["index"]):
        faiss.write_index(build(unit(np.load(job["vectors"])), unit(np.load(job["tuning"])), k), job["index"])
    index = faiss.read_index(job["index"])
    faiss.omp_set_num_threads(1)
    rows = np.load(job["rows"]).astype("int64")
    bits = np.zeros(index.ntotal, dtype=bool)
    bits[rows] = True
    packed = np.packbits(bits, bitorder="little")
    selector = faiss.IDSelectorBitmap(index.ntotal, faiss.swig_ptr(packed))
    parameters = faiss.SearchParametersIVF(sel=selector, nprobe=index.nprobe)
    found, times = [], []
    index.search(queries[:1], k, params=parameters)
    for i in range(len(queries)):
        begin = time.perf_counter()
        _, labels = index.search(queries[i : i + 1], k, params=parameters)
        times.append(1000 * (time.perf_counter() - begin))
        found.append([label for label in labels[0].tolist() if label >= 0])
    return {"found": found, "p50Ms": float(np.median(times))}


print(json.dumps(search(json.loads(sys.argv[1]))))
