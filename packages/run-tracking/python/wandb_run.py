"""Logs one run to Weights & Biases: reads JSON lines on stdin, answers by JSON lines on stdout.

The first answer is {"ready": VERSION} or {"missing": REASON}. Then each line asks for one call of the wandb library and
is answered by {"done": true} or {"failed": REASON}. The run ends with the line that ends it, or as failed when stdin does.
"""

import json
import os
import sys

# What wandb prints goes to stderr, so that stdout holds answers alone.
answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
os.dup2(2, 1)


def answer(**fields):
    answers.write(json.dumps(fields) + "\n")
    answers.flush()


try:
    import wandb
except Exception as error:
    answer(missing=f"{type(error).__name__}: {error}")
    sys.exit(1)

run = None


def start(project, entity, name, config):
    global run
    settings = wandb.Settings(console="off", silent=True)
    run = wandb.init(project=project, entity=entity, name=name, config=config, settings=settings)
    run.define_metric("refit/*", step_metric="refit/step")


def log(step, figures):
    # A refit counts its steps from 1, and wandb drops what is logged at a step that has passed.
    if any(name.startswith("refit/") for name in figures):
        figures = {**figures, "refit/step": step}
        step = None
    run.log(figures, step=step if step is None or step >= run.step else None)


def end(exitCode, step, config, summary, report):
    run.config.update(config, allow_val_change=True)
    if report is not None:
        log(step, {"report": wandb.Html(report, inject=False, data_is_not_path=True)})
    run.summary.update(summary)
    run.finish(exit_code=exitCode)


calls = {"start": start, "log": log, "end": end}

answer(ready=wandb.__version__)
for line in sys.stdin:
    request = json.loads(line)
    call = request.pop("call")
    try:
        calls[call](**request)
    except Exception as error:
        answer(failed=" ".join(str(error).split()))
        sys.exit(1)
    answer(done=True)
    if call == "end":
        sys.exit(0)

if run is not None:
    run.finish(exit_code=1)
