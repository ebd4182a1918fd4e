"""The stored queries of this checkout."""

from pathlib import Path

ROOT = Path(__file__).parents[2]
STORED = sorted(path for path in (ROOT / "queries").glob("*/*.rq") if path.parent.name != "rules")
NAMES = sorted(path.stem for path in STORED)
# Queries on documents of every publisher, which are asked for no edition.
PUBLICATIONS = {path.stem for path in STORED if path.parent.name == "publications"}
CHECKS = {path.stem for path in STORED if path.parent.name == "checks"}
