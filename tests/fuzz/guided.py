"""Run a parser on damaged input, led by coverage: see `make fuzz`.

    python -m tests.fuzz.guided                        the names of the parsers
    python -m tests.fuzz.guided header fuzz 60         one of them for 60 seconds

An input that fails is written to the folder, below the parser's name, and the exit code is not 0.
"""

import sys
from pathlib import Path

import atheris

with atheris.instrument_imports(include=["tipgraph"]):
    from tests.fuzz.parsers import PARSERS, accepts


def main(arguments: list[str]) -> None:
    if not arguments:
        print(*PARSERS)
        return
    name, folder, seconds = arguments
    corpus = Path(folder) / name / "corpus"
    corpus.mkdir(parents=True, exist_ok=True)
    (corpus / "example").write_bytes(PARSERS[name].example)
    options = [f"-max_total_time={seconds}", "-max_len=20000", f"-artifact_prefix={folder}/{name}/"]
    atheris.Setup(
        [sys.argv[0], str(corpus), *options, "-timeout=20"], lambda data: accepts(name, data)
    )
    atheris.Fuzz()


if __name__ == "__main__":
    main(sys.argv[1:])
