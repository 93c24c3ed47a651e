/**
 * Commands of the documentation that no test of this folder runs, and why. They are parsed all the same: options, files,
 * projects and targets that do not exist are found.
 */
export const notRehearsed: readonly (readonly [pattern: RegExp, reason: string])[] = [
  [/^docker |GRAFANA_PASSWORD|VECTOR_RECALL_TOKENS=admin:choose-a-long-secret$/, 'needs a container engine'],
  [/^(kubectl|helm) /, 'needs a cluster; e2e/src/deploy renders the charts'],
  [/^deploy\/(pack|install)\.sh /, 'e2e/src/packed.spec.ts runs both scripts'],
  [/s3:\/\//, 'needs a bucket; e2e/src/bucket.spec.ts trains, promotes and serves from one'],
  [/^nats-server |--changes nats:/, 'needs three brokers; e2e/src/live-faults runs servers on one stream'],
  [/^np[mx] (ci|install|test|vector-recall-setup)\b/, 'installs or tests this very checkout; .ci/run does'],
  [/^npx nx /, 'builds this checkout first; CI runs the targets themselves'],
  [/^pip install |^\. |^python3 |^wandb /, "installs from PyPI; e2e/src/python-client.spec.ts runs the client's"],
  [/^(protoc|go) /, 'needs a Go toolchain'],
  [/^tensorboard /, 'does not end; run-tracking reads the files with the reader of TensorBoard'],
  [/--track wandb:/, 'e2e/src/train.spec.ts logs a run to wandb'],
  [/--track mlflow:/, 'e2e/src/train.spec.ts logs a run to a server that is down'],
  [/movielens:DIR/, 'needs a data set that is not shipped; e2e/src/movielens.spec.ts reads one'],
  [/^npx vector-recall tune-model /, 'takes an hour; e2e/src/tune-model.spec.ts searches for seconds'],
  [/--config artifacts\/tuning\//, 'e2e/src/tune-model.spec.ts trains what a search found'],
  [/files:PATH\/shop/, "needs the reader's own files; datasets reads examples/shop"],
  [/^npx vector-recall train --num_users 1000 /, 'quick-start.md trains such a world'],
  [/^npx vector-recall train --output artifacts$/, 'quick-start.md trains so'],
  [/^npx vector-recall train --tensorboard /, 'e2e/src/train.spec.ts writes such files'],
];
