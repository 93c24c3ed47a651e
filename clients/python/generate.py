"""Generates vector_recall/gen from the contract, or with --check says whether it is out of date."""

import argparse
import filecmp
import shutil
import sys
import tempfile
from pathlib import Path

from grpc_tools import protoc

HERE = Path(__file__).resolve().parent
PROTO = HERE.parent.parent / "proto"
GENERATED = HERE / "vector_recall" / "gen"


def generate(out: Path) -> None:
    """Writes the modules of every .proto file, which import each other from inside of this package."""
    import grpc_tools

    files = sorted(str(path.relative_to(PROTO)) for path in PROTO.rglob("*.proto"))
    outputs = [f"--{kind}_out={out}" for kind in ("python", "pyi", "grpc_python")]
    includes = [f"-I{PROTO}", f"-I{Path(grpc_tools.__file__).parent / '_proto'}"]
    if protoc.main(["protoc", *includes, *outputs, *files]) != 0:
        sys.exit("generate.py: protoc failed; the lines above say why.")
    for path in out.rglob("*.py*"):
        text = path.read_text().replace("from recall.v1 import", "from vector_recall.gen.recall.v1 import")
        path.write_text(text)
    for folder in [out, *(path for path in out.rglob("*") if path.is_dir())]:
        (folder / "__init__.py").touch()


def files_in(folder: Path) -> set[str]:
    return {str(path.relative_to(folder)) for path in folder.rglob("*.py*") if path.suffix in (".py", ".pyi")}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="compare only")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        made = Path(temporary)
        generate(made)
        if options.check:
            names = files_in(made) | files_in(GENERATED)
            _, different, missing = filecmp.cmpfiles(made, GENERATED, names, shallow=False)
            if different or missing:
                sys.exit(f"generate.py: out of date: {', '.join(sorted(different + missing))}; run python generate.py.")
            return
        shutil.rmtree(GENERATED, ignore_errors=True)
        shutil.copytree(made, GENERATED)


if __name__ == "__main__":
    main()
