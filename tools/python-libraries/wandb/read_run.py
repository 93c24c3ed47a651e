"""Prints what a .wandb file holds as JSON: records in LevelDB's log framing, each a message of the wandb library."""

import json
import struct
import sys

from wandb.proto.wandb_internal_pb2 import Record

BLOCK = 32768


def records(path):
    with open(path, "rb") as file:
        data = file.read()
    assert data[:4] == b":W&B", data[:4]
    at, parts = 7, b""
    while at + 7 <= len(data):
        left = BLOCK - at % BLOCK
        if left < 7:
            at += left
            continue
        _, length, kind = struct.unpack("<IHB", data[at : at + 7])
        parts += data[at + 7 : at + 7 + length]
        at += 7 + length
        if kind in (1, 4):  # whole, or the last part
            record = Record()
            record.ParseFromString(parts)
            parts = b""
            yield record


def values(items):
    found = {"/".join(item.nested_key) or item.key: json.loads(item.value_json) for item in items}
    return {name: value for name, value in found.items() if not name.startswith("_") or name == "_step"}


run = {"config": {}, "history": [], "summary": {}}
for record in records(sys.argv[1]):
    kind = record.WhichOneof("record_type")
    if kind == "run":
        run.update(project=record.run.project, entity=record.run.entity, name=record.run.display_name)
        run["config"].update(values(record.run.config.update))
    elif kind == "config":
        run["config"].update(values(record.config.update))
    elif kind == "history":
        run["history"].append(values(record.history.item))
    elif kind == "summary":
        run["summary"].update(values(record.summary.update))
    elif kind == "exit":
        run["exit"] = record.exit.exit_code
print(json.dumps(run))
