"""Where this checkout keeps the stored queries."""

from pathlib import Path

ROOT = Path(__file__).parents[2]
FILES = [path for path in (ROOT / "queries").glob("*/*.rq") if path.parent.name != "rules"]
NAMES = sorted(path.stem for path in FILES)
CHECKS = {path.stem for path in FILES if path.parent.name == "checks"}
