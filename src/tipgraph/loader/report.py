"""What was loaded: when, where, from which files, with which hashes."""

import hashlib
from dataclasses import dataclass, field
from os.path import isfile, join
from typing import Any

from tipgraph.loader.plan import Step
from tipgraph.loader.verify import Verified, Verify
from tipgraph.version import VERSION


@dataclass
class Receipt:
    """What a load did, step by step; `failure` is why it did not come to its end, if it did not.

    Times are UTC, as ISO 8601 has them.
    """

    endpoint: str
    store: str
    verify: Verify
    started: str
    root: str = ""
    finished: str = ""
    failure: BaseException | None = None
    steps: list[tuple[Step, Verified | None]] = field(default_factory=list)

    @property
    def complete(self) -> bool:
        return self.failure is None

    def add(self, step: Step, verified: Verified | None) -> None:
        """Note that a step was done, and what the store was found to hold then."""
        self.steps.append((step, verified))

    def as_dict(self) -> dict[str, Any]:
        """For JSON."""
        return {
            "tipgraph": VERSION,
            "endpoint": self.endpoint,
            "store": self.store,
            "verify": self.verify.value,
            "started": self.started,
            "finished": self.finished,
            "complete": self.complete,
            "error": self._error(),
            "graphs": [self._graph(step, verified) for step, verified in self.steps],
        }

    def _error(self) -> str | None:
        if isinstance(self.failure, KeyboardInterrupt):
            return "interrupted"
        return str(self.failure) if self.failure else None

    def _graph(self, step: Step, verified: Verified | None) -> dict[str, Any]:
        content = step.wanted.content if step.wanted else None
        files = step.wanted.files if step.wanted else ()
        return {
            "graph": step.graph,
            "action": step.action.value,
            "before": step.found,
            "triples": verified.triples if verified else step.triples,
            "sha256": content.sha256 if content else None,
            "sha256ByValue": verified.sha256_by_value if verified else None,
            "files": [{"path": file, "sha256": _sha256(join(self.root, file))} for file in files],
        }


def _sha256(path: str) -> str | None:
    """The file's SHA-256; nothing for what was no file."""
    if not isfile(path):
        return None
    with open(path, "rb") as opened:
        return hashlib.file_digest(opened, "sha256").hexdigest()
