"""Runs `tipgraph validate` with the inputs of the GitHub Action.

The inputs come as JSON in the environment and become arguments without a shell, so their content is
never executed.
"""

import json
import os
import subprocess
import sys
from collections import defaultdict
from collections.abc import Mapping
from sysconfig import get_path

Inputs = Mapping[str, str]


def main() -> int:
    """Run the command, write the action's outputs, and return the exit code."""
    inputs = defaultdict(str, json.loads(os.environ["INPUTS"]))
    before = file_number(inputs["sarif"])
    code = validate(inputs)
    # One of the checkout, which a pull request may have put there, is no result of this run.
    sarif = inputs["sarif"] if file_number(inputs["sarif"]) not in (0, before) else ""
    with open(os.environ["GITHUB_OUTPUT"], "a", encoding="utf-8") as outputs:
        outputs.write(f"sarif={sarif}\nconforms={str(code == 0).lower()}\nexit-code={code}\n")
    return code


def file_number(path: str) -> int:
    """The number that the system gives to a file, another one for each that is written; or 0."""
    return os.stat(path).st_ino if os.path.isfile(path) else 0


def validate(inputs: Inputs) -> int:
    """The exit code of the command. Empty data is an error: it would select the shipped graph."""
    if not items(inputs["data"]):
        print("::error::the input `data` is empty; name the files or folders to validate")
        return 2
    return subprocess.call([command(), "validate", *arguments(inputs)])


def arguments(inputs: Inputs) -> list[str]:
    """The command's arguments; an empty input omits its option."""
    lists = [f"--{name}={item}" for name in ("shapes", "ontology") for item in items(inputs[name])]
    names = ("fail-on", "baseline", "max", "engine")
    options = [f"--{name}={inputs[name]}" for name in names if inputs[name]]
    reports = [f"--output={name}={inputs[name]}" for name in ("sarif", "junit") if inputs[name]]
    arguments = [*lists, *options, *reports, *items(inputs["args"])]
    return ["--format=github", *arguments, "--", *items(inputs["data"])]


def items(text: str) -> list[str]:
    """The items of a list: on one line, separated by spaces, or one per line."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    return lines if "\n" in text else text.split()


def command() -> str:
    """The command in the environment that the action created."""
    environment = os.path.join(os.environ["RUNNER_TEMP"], "tipgraph")
    return os.path.join(get_path("scripts", "venv", {"base": environment}), "tipgraph")


if __name__ == "__main__":
    sys.exit(main())
