"""faiss on the vectors of the index benchmark: builds an index, searches it setting by setting, prints JSON.

usage: faiss_index.py NAME JOB   NAME is ivf-sq8 or hnsw, JOB the benchmark's own description of what to do, as JSON
"""
import json
import os
import sys
import time

import faiss
import numpy as np


def create(name, job, x):
    """Lists, training rows and types as commonly advised: 4·√n lists, 60 rows each to learn them from."""
    n, dim = x.shape
    if name == "hnsw":
        index = faiss.IndexHNSWFlat(dim, job["m"], faiss.METRIC_INNER_PRODUCT)
        index.hnsw.efConstruction = job["efConstruction"]
    else:
        lists = int(4 * n**0.5)
        index = faiss.index_factory(dim, f"IVF{lists},SQ8", faiss.METRIC_INNER_PRODUCT)
        index.train(x[: min(n, 60 * lists)])
    index.add(x)
    return index


def unit(x):
    """Of length one, and with zeros to a multiple of 16 dimensions: faiss codes other widths without SIMD."""
    x = x / np.linalg.norm(x, axis=1, keepdims=True)
    return np.ascontiguousarray(np.pad(x, ((0, 0), (0, -x.shape[1] % 16))))


def measure(name, job):
    queries, truth, k = unit(np.load(job["queries"])), np.load(job["truth"]), job["k"]
    file, seconds = os.path.join(job["folder"], f"faiss-{name}.bin"), None
    if not os.path.exists(file):
        x = unit(np.load(job["vectors"]))
        start = time.perf_counter()
        built = create(name, job, x)
        seconds = time.perf_counter() - start
        faiss.write_index(built, file)
    index = faiss.read_index(file)
    threads = faiss.omp_get_max_threads()
    points = []
    for setting in job["settings"]:
        if name == "hnsw":
            index.hnsw.efSearch = setting
        else:
            index.nprobe = setting
        _, found = index.search(queries, k)
        recall = np.mean([len(np.intersect1d(a, b)) / k for a, b in zip(found, truth)])
        start, answered = time.perf_counter(), 0
        while (elapsed := time.perf_counter() - start) < 0.7:
            index.search(queries, k)
            answered += len(queries)
        faiss.omp_set_num_threads(1)
        times = []
        for i in range(1100):
            row = i % len(queries)
            begin = time.perf_counter()
            index.search(queries[row : row + 1], k)
            times.append(time.perf_counter() - begin)
        faiss.omp_set_num_threads(threads)
        times = np.array(times[100:]) * 1000
        points.append({
            "setting": setting, "recall": float(recall), "together": answered / elapsed,
            "alone": float(1000 / times.mean()),
            "p50Ms": float(np.percentile(times, 50)), "p99Ms": float(np.percentile(times, 99)),
        })
        if recall >= job["enough"] and len(points) >= 3:
            break
    return {"buildSeconds": seconds, "bytesPerVector": os.path.getsize(file) / index.ntotal, "points": points}


print(json.dumps(measure(sys.argv[1], json.loads(sys.argv[2]))))
