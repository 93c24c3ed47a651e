import { compileConfig } from './compile-config';

describe('defaults', () => {
  it('are the ones that are documented', () => {
    expect(compileConfig()).toMatchInlineSnapshot(`
     {
       "data": {
         "historyTypes": true,
         "minUserInteractions": 1,
         "numInteractions": 500000,
         "numItems": 100000,
         "numUsers": 10000,
         "repeats": "auto",
         "source": "synthetic",
       },
       "evaluation": {
         "cutoffs": [
           10,
           20,
           100,
           500,
         ],
         "maxUsers": 0,
       },
       "hnsw": {
         "efConstruction": 200,
         "efSearch": 0,
         "m": 16,
         "preset": "balanced",
         "targetRecall": 0.95,
       },
       "model": {
         "categoryDim": 32,
         "dropout": 0.1,
         "embeddingDim": 128,
         "featureDim": 64,
         "halfLives": [
           1,
           4,
           16,
         ],
         "hiddenDims": [
           256,
           128,
         ],
         "historyBlocks": 1,
         "historyDim": 64,
         "historyDropout": 0.3,
         "historyEncoder": "mean",
         "historyHeads": 2,
         "historyLength": 20,
         "idDim": 64,
         "itemIdStart": "attributes",
         "itemItemDim": 0,
         "tagDim": 32,
         "trunk": "layers",
       },
       "runtime": {
         "backend": "auto",
         "benchmarkQueries": 1000,
         "benchmarkTopK": 500,
         "output": "artifacts",
         "promote": "auto",
         "seeds": 1,
         "skipBenchmark": false,
       },
       "server": {
         "adminHost": "127.0.0.1",
         "adminPort": 50052,
         "artifacts": "artifacts",
         "canaryShare": "0%",
         "changes": "",
         "console": false,
         "drainTimeoutMs": 15000,
         "host": "0.0.0.0",
         "httpPort": 0,
         "keepaliveTimeMs": 60000,
         "keepaliveTimeoutMs": 20000,
         "latencyTargetMs": 15,
         "live": "",
         "liveRecallEvery": 0,
         "loadTimeoutMs": 600000,
         "logLevel": "info",
         "logServed": "",
         "logServedMaxMib": 1024,
         "logServedShare": 1,
         "maxBatch": 256,
         "maxCallsPerConnection": 64,
         "maxConnectionAgeMs": 0,
         "maxConnectionIdleMs": 600000,
         "maxConnections": 1000,
         "maxEfSearch": 2000,
         "maxIds": 10000,
         "maxInFlight": 256,
         "maxTopK": 1000,
         "metricsHost": "0.0.0.0",
         "metricsPort": 9464,
         "port": 50051,
         "searchThreads": 0,
         "secretsRefreshMs": 10000,
         "serve": "",
         "standing": "",
         "tlsCert": "",
         "tlsClientCa": "",
         "tlsKey": "",
         "tokenFile": "",
         "transferTimeoutMs": 20000,
         "workers": 1,
       },
       "training": {
         "batchSize": 1024,
         "coldItems": 0,
         "coldUsers": 0,
         "earlyStoppingPatience": 3,
         "epochs": 5,
         "eventHalfLife": 0,
         "finalLearningRateFraction": 0.05,
         "gradientClipNorm": 1,
         "itemDropout": 0,
         "learningRate": 0.001,
         "logQCorrection": true,
         "maxSteps": 0,
         "negativeSamplingPower": 0,
         "negatives": "in-batch",
         "numNegatives": 10,
         "precision": "auto",
         "preset": "auto",
         "refit": false,
         "seed": 42,
         "sharedPoolSize": 1024,
         "split": "leave-last-out",
         "temperature": 0.1,
         "userDropout": 0.1,
         "validationUsers": 2000,
         "warmupFraction": 0.05,
         "weightDecay": 0,
       },
     }
    `);
  });

  it('are frozen down to the lists', () => {
    const config = compileConfig();
    expect(Object.isFrozen(config)).toBe(true);
    expect(Object.isFrozen(config.model)).toBe(true);
    expect(() => {
      config.model.hiddenDims.push(1);
    }).toThrow(TypeError);
  });

  it('are not shared between two compiled objects', () => {
    expect(compileConfig().model.hiddenDims).not.toBe(compileConfig().model.hiddenDims);
  });
});
