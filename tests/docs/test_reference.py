"""The committed pages of docs/reference/ are those that `make docs` writes."""

import importlib.util
from pathlib import Path
from typing import Any

SCRIPT = Path(__file__).parents[2] / ".ci" / "reference.py"
spec = importlib.util.spec_from_file_location("reference", SCRIPT)
assert spec
assert spec.loader
reference: Any = importlib.util.module_from_spec(spec)
spec.loader.exec_module(reference)


def test_reference_is_up_to_date() -> None:
    committed = {file.name: file.read_text("utf-8") for file in reference.FOLDER.iterdir()}
    generated = reference.pages()

    assert set(committed) == set(generated)
    stale = [name for name, text in generated.items() if committed[name] != text]
    assert stale == [], "run `make docs` and commit the pages"
