"""The report of a load: when, where, from which files, with which hashes."""

import hashlib
from dataclasses import dataclass, field
from os.path import isfile, join
from typing import Any

from tipgraph.loader.plan import PlanStep
from tipgraph.loader.verify import Verification, Verify
from tipgraph.version import VERSION


@dataclass
class LoadReport:
    """The steps of a load; `failure` is the error that ended it early.

    Times are UTC in ISO 8601. `root` is the folder that the files' paths are relative to.
    """

    endpoint: str
    store: str
    verify: Verify
    started: str
    root: str = ""
    finished: str = ""
    failure: BaseException | None = None
    # Staging graphs of this user's loads that were killed: they are removed now.
    removed: list[str] = field(default_factory=list)
    # Staging graphs of other loads, which are under way or were killed.
    others: list[str] = field(default_factory=list)
    steps: list[tuple[PlanStep, Verification | None]] = field(default_factory=list)

    @property
    def complete(self) -> bool:
        return self.failure is None

    def add(self, step: PlanStep, verified: Verification | None) -> None:
        """Add a step that was done, and what was verified after it."""
        self.steps.append((step, verified))

    def as_dict(self) -> dict[str, Any]:
        """Return the report for JSON."""
        return {
            "tipgraph": VERSION,
            "endpoint": self.endpoint,
            "store": self.store,
            "verify": self.verify.value,
            "started": self.started,
            "finished": self.finished,
            "complete": self.complete,
            "error": self._error(),
            "removed_staging_of_killed_loads": self.removed,
            "staging_of_other_loads": self.others,
            "graphs": [self._graph(step, verified) for step, verified in self.steps],
        }

    def _error(self) -> str | None:
        if isinstance(self.failure, KeyboardInterrupt):
            return "interrupted"
        return str(self.failure) if self.failure else None

    def _graph(self, step: PlanStep, verified: Verification | None) -> dict[str, Any]:
        content = step.target.content if step.target else None
        files = step.target.files if step.target else ()
        return {
            "graph": step.graph,
            "action": step.action.value,
            "before": step.before,
            "triples": verified.triples if verified else step.triples,
            "sha256": content.sha256 if content else None,
            "sha256_by_value": verified.sha256_by_value if verified else None,
            "files": [{"path": file, "sha256": _sha256(join(self.root, file))} for file in files],
        }


def _sha256(path: str) -> str | None:
    """Return the file's SHA-256; nothing for standard input."""
    if not isfile(path):
        return None
    with open(path, "rb") as opened:
        return hashlib.file_digest(opened, "sha256").hexdigest()
