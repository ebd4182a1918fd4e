"""Runs the steps of a composite action with bash, as GitHub's runner does.

Only the expressions that this project's action uses are supported. The step that sets up Python
returns the Python of the test.
"""

import json
import os
import re
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

import yaml

EXPRESSION = re.compile(r"\$\{\{\s*(.*?)\s*\}\}")
NAME = re.compile(r"\b(?:inputs|steps)(?:\.[\w-]+)*")
ANNOTATION = re.compile(r"^::(error|warning|notice) (.*?)::(.*)$", re.MULTILINE)
BASH = ["bash", "--noprofile", "--norc", "-eo", "pipefail"]

Context = dict[str, Any]


class Annotation(NamedTuple):
    """An annotation that GitHub shows beside a line."""

    level: str
    properties: dict[str, str]
    message: str


@dataclass
class Outcome:
    """The outcome of a run; `code` is that of the failed step."""

    code: int = 0
    log: str = ""
    summary: str = ""
    outputs: dict[str, str] = field(default_factory=dict)

    @property
    def annotations(self) -> list[Annotation]:
        return [
            Annotation(level, dict(each.split("=", 1) for each in properties.split(",")), message)
            for level, properties, message in ANNOTATION.findall(self.log)
        ]


class Runner:
    """A machine that runs the action; later runs reuse what earlier ones installed."""

    def __init__(self, action: Path, temp: Path) -> None:
        self._path = action
        self._temp = temp
        self._action = yaml.safe_load((action / "action.yml").read_text(encoding="utf-8"))
        self._installed: set[str] = set()

    def run(self, workspace: Path, **values: str) -> Outcome:
        """Run the action in a checkout; `_` in the name of an input stands for `-`."""
        outcome, steps = Outcome(), Context()
        known = self._action["inputs"].items()
        inputs = {name: each["default"] for name, each in known if "default" in each}
        inputs |= {name.replace("_", "-"): value for name, value in values.items()}
        context = {"inputs": inputs, "steps": steps}
        for step in self._action["runs"]["steps"]:
            steps[step.get("id", "")] = {"outputs": self._step(step, context, workspace, outcome)}
            if outcome.code:
                break
        declared = {name: each["value"] for name, each in self._action["outputs"].items()}
        outcome.outputs = {name: filled(value, context) for name, value in declared.items()}
        return outcome

    def _step(self, step: Context, context: Context, workspace: Path, outcome: Outcome) -> Context:
        if "uses" in step:
            assert step["uses"].startswith("actions/setup-python@")
            return {"python-path": sys.executable}
        environment = {name: filled(value, context) for name, value in step["env"].items()}
        if "id" not in step:
            if repr(environment) in self._installed:
                return {}
            self._installed.add(repr(environment))
        return self._bash(filled(step["run"], context), environment, workspace, outcome)

    def _bash(self, script: str, own: Context, workspace: Path, outcome: Outcome) -> Context:
        script_file, output, summary = (self._empty(name) for name in ("step.sh", "out", "summary"))
        script_file.write_text(script)
        done = subprocess.run(
            [*BASH, str(script_file)],
            cwd=workspace,
            env={
                **os.environ,
                "GITHUB_ACTION_PATH": str(self._path),
                "GITHUB_OUTPUT": str(output),
                "GITHUB_STEP_SUMMARY": str(summary),
                "GITHUB_WORKSPACE": str(workspace),
                "RUNNER_TEMP": str(self._temp),
                **own,
            },
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        outcome.code = done.returncode
        outcome.log += done.stdout
        outcome.summary += summary.read_text()
        return dict(line.split("=", 1) for line in output.read_text().splitlines())

    def _empty(self, name: str) -> Path:
        file = self._temp / f"_{name}"
        file.write_text("")
        return file


def filled(text: str, context: Context) -> str:
    """The text with its expressions evaluated."""
    return EXPRESSION.sub(lambda found: str(_value(found[1], context)), text)


def _value(expression: str, context: Context) -> Any:
    source = NAME.sub(lambda name: f"lookup({name[0]!r})", expression)
    source = source.replace("&&", " and ").replace("||", " or ")
    return eval(source, {"lookup": lambda name: _lookup(name, context), "toJSON": json.dumps})


def _lookup(name: str, context: Context) -> Any:
    """The value of a name; empty for a step that has not run."""
    found: Any = context
    for part in name.split("."):
        found = found.get(part, {})
    return found or ""
