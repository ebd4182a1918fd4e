"""The stored queries of this checkout."""

from pathlib import Path

ROOT = Path(__file__).parents[2]
STORED = sorted(path for path in (ROOT / "queries").glob("*/*.rq") if path.parent.name != "rules")
NAMES = sorted(path.stem for path in STORED)
CHECKS = {path.stem for path in STORED if path.parent.name == "checks"}
