"""A text that the user attached counts where it is the one that the graph pins."""

import stat
from pathlib import Path

import pytest

import tipgraph
from tipgraph.lookup import texts as attached_texts
from tipgraph.lookup.texts import attached, keep

ID = "https://w3id.org/tipgraph/id/"
EDITION = f"{ID}tip-2021-xx"

pytestmark = pytest.mark.usefixtures("user_data")


def test_without_a_text_the_graph_is_not_asked() -> None:
    assert attached(None) == {}  # type: ignore[arg-type]


def test_attached_text_has_its_sentences(graph: tipgraph.LocalGraph, texts: Path) -> None:
    keep(EDITION, (texts / "tip-2021-xx.txt").read_bytes())

    (found,) = attached(graph.engine).values()

    assert found.edition == EDITION
    assert list(found.sentences) == [f"{ID}tip-2021-xx/S0{number}" for number in (1, 2, 3)]
    assert found.sentences[f"{ID}tip-2021-xx/S02"].startswith("Officials ")
    assert found.sentences[f"{ID}tip-2021-xx/S02"].endswith("full.")


def test_another_text_does_not_count(graph: tipgraph.LocalGraph, texts: Path) -> None:
    keep(EDITION, (texts / "tip-2021-xx.txt").read_bytes() + b" ")

    assert attached(graph.engine) == {}


def test_text_is_for_its_owner_alone(graph: tipgraph.LocalGraph) -> None:
    keep(EDITION, b"text")
    keep(EDITION, b"another")

    (file,) = Path(attached_texts.folder()).iterdir()
    assert file.read_bytes() == b"another"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert stat.S_IMODE(file.parent.stat().st_mode) == 0o700


def test_name_of_a_file_stays_in_the_folder() -> None:
    for edition in (f"{ID}../../x", "https://example.org/a/b", f"{ID}.."):
        assert Path(attached_texts.file(edition)).parent == Path(attached_texts.folder())
