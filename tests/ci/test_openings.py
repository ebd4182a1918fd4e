"""The lint finds docstrings and comments that open with a riddle, and lets questions pass."""

import importlib.util
import sys
from pathlib import Path
from typing import Any

import pytest

SCRIPT = Path(__file__).parents[2] / ".ci" / "openings.py"
spec = importlib.util.spec_from_file_location("openings", SCRIPT)
assert spec
assert spec.loader
module: Any = importlib.util.module_from_spec(spec)
sys.modules["openings"] = module
spec.loader.exec_module(module)

SOURCE = '''"""What a module has."""

# Whether it is so, and
# What it is.
LIMIT = 1  # Such as one.
# Which of these? Both.
# The words "What" and "Whether" inside a sentence.
NAME = "# What"


class Row:
    """Those that match."""

    def rows(self) -> None:
        """Return what matches."""

    async def count(self) -> None:
        """

        Where the rows are."""
'''


def test_openings_are_found_with_their_lines() -> None:
    assert [(each.line, each.text) for each in module.openings(SOURCE, "row.py")] == [
        (1, "What a module has."),
        (3, "# Whether it is so, and"),
        (5, "# Such as one."),
        (12, "Those that match."),
        (18, "Where the rows are."),
    ]


def test_opening_fails_the_check(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "src" / "vendor").mkdir(parents=True)
    (tmp_path / "src" / "vendor" / "theirs.py").write_text("# What they wrote.\n")
    (tmp_path / "src" / "row.py").write_text('"""Return a row."""\n')
    assert module.main(["--root", str(tmp_path)]) == 0

    (tmp_path / "src" / "row.py").write_text('"""Whether a row matches."""\n')
    capsys.readouterr()
    assert module.main(["--root", str(tmp_path)]) == 1
    out = capsys.readouterr().out
    assert out.splitlines() == [
        "src/row.py:1: Whether a row matches.",
        "    1 openings to rewrite",
    ]
