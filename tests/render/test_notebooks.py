"""Answers, things, assessments, comparisons and charts as a notebook shows them."""

import sys
from pathlib import Path
from typing import Any

import nbformat
import pytest
from nbclient import NotebookClient

from tipgraph import LocalGraph
from tipgraph.errors import UsageError

TUTORIAL = Path(__file__).parents[2] / "docs" / "tutorial.ipynb"
CASE = {"citizenship": ["ALB"], "age": 30, "met": ["identified"]}


def test_answer_shows_caveats_and_sources_below_the_table(shipped: LocalGraph) -> None:
    shown = shipped.rows("figures", edition="tip-2021-be")._repr_html_()
    caveat, table = shown.index("Permits, not persons"), shown.index("<table>")

    assert table < caveat < shown.index("Source: <a href=")
    assert "Editions: tip-2021-be" in shown
    assert "#:~:text=" in shown
    assert "<html" not in shown


def test_selected_columns_keep_what_they_answer(shipped: LocalGraph) -> None:
    rows = shipped.rows("residence-permits", area="BEL")
    shown = rows.only(["period", "value"])._repr_html_()

    assert "How many residence permits were issued?" in shown
    assert "US Department of State. TIP Report 2021, Belgium" in shown


def test_every_thing_shows_itself(shipped: LocalGraph) -> None:
    things: dict[str, Any] = {
        "Mentioned in": shipped.show("Myria"),
        "No legal advice": shipped.assess(CASE),
        "was read in part": shipped.diff("tip-2020-be", "tip-2021-be"),
        "data:image/svg+xml;base64,": shipped.chart(
            "series", indicator="residence-permits-issued", area="BEL"
        ),
        "some text": shipped.rows("SELECT ('some text' AS ?column) {}"),
    }
    for text, thing in things.items():
        assert text in thing._repr_html_(), text


def test_frame_has_sources_and_caveats(shipped: LocalGraph) -> None:
    rows = shipped.rows("residence-permits", area="BEL", edition="tip-2021-be")
    for frame in (rows.frame(), shipped.labelled(rows).frame()):
        assert frame.attrs["title"] == "How many residence permits were issued?"
        assert frame.attrs["editions"] == ["tip-2021-be"]
        assert frame.attrs["caveats"] == [
            "Permits, not persons; first permits and renewals are not distinguished."
        ]
        (cited,) = frame.attrs["sources"]
        assert cited.startswith("TIP Report 2021, Belgium https://www.state.gov/")


def test_frame_without_pandas_names_what_to_install(shipped: LocalGraph, monkeypatch):
    monkeypatch.setitem(sys.modules, "pandas", None)

    with pytest.raises(UsageError, match="pip install pandas"):
        shipped.rows("SELECT ?x {}").frame()


@pytest.mark.slow(reason="runs the tutorial in a kernel of its own")
def test_tutorial_runs_and_shows_every_answer(tmp_path: Path) -> None:
    notebook = nbformat.read(TUTORIAL, as_version=4)
    nbformat.validate(notebook)
    assert not any(cell.get("outputs") for cell in notebook.cells), "clear the outputs"

    NotebookClient(notebook, timeout=300, resources={"metadata": {"path": tmp_path}}).execute()

    answers = [
        output["data"]
        for cell in notebook.cells
        for output in cell.get("outputs", [])
        if "data" in output
    ]
    assert sum("text/html" in each for each in answers) >= 6
    texts = "".join(each.get("text/html", "") for each in answers)
    for wanted in ("Permits, not persons", "91", "No legal advice", "image/svg+xml"):
        assert wanted in texts
