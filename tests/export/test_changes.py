"""The changes between two exported graphs: what is stated, and not what rules make of it."""

import csv
import io
import json
from pathlib import Path

from tests.conftest import Run

EDITION = "https://w3id.org/tipgraph/id/tip-2021-xx/"


def test_statements_are_added_removed_and_changed(mini: Path, run: Run, tmp_path: Path) -> None:
    new, old = tmp_path / "new.nq", tmp_path / "old.nq"
    assert run("export", "graph", "--output", new).code == 0
    text = new.read_text(encoding="utf-8")
    assert run("export", "changes", new, new).out.splitlines() == [
        "change,edition,statement,label,property,old,new"
    ]

    # A label in each graph that rules derive changes too, and is no change of a statement.
    text = text.replace('"12 victims identified in 2021"', '"11 victims identified in 2021"')
    lines = [line for line in text.splitlines() if not line.startswith(f"<{EDITION}oversight>")]
    old.write_text("\n".join(lines), encoding="utf-8")
    outcome = run("export", "changes", old, new)
    rows = list(csv.DictReader(io.StringIO(outcome.out)))
    assert outcome.err == "tipgraph: 1 added, 0 removed, 1 changed\n"
    added, changed = rows
    assert (added["change"], added["edition"]) == ("added", "tip-2021-xx")
    assert (added["old"], added["new"]) == ("", "The government oversees the shelters")
    assert changed == {
        "change": "changed",
        "edition": "tip-2021-xx",
        "statement": f"{EDITION}victims-12",
        "label": "12 victims identified in 2021",
        "property": "rdfs:label",
        "old": "11 victims identified in 2021",
        "new": "12 victims identified in 2021",
    }

    back = run("export", "changes", new, old, "--format", "json")
    assert back.err == "tipgraph: 0 added, 1 removed, 1 changed\n"
    bindings = json.loads(back.out)["results"]["bindings"]
    assert {each["change"]["value"] for each in bindings} == {"removed", "changed"}
    page = tmp_path / "changes.json"
    assert run("export", "changes", new, old, "--output", page).code == 0
    assert page.read_text(encoding="utf-8") == back.out


def test_change_of_a_part_names_the_part(run: Run, tmp_path: Path) -> None:
    """Amounts, requirements and quotes are parts of their statement."""
    files = {}
    for name, amount in {"old": 419_000, "new": 427_000}.items():
        files[name] = tmp_path / f"{name}.ttl"
        files[name].write_text(
            "@prefix tip: <https://w3id.org/tipgraph/ns#> ."
            f" @prefix xx: <{EDITION}> ."
            " xx:grant a tip:Statement ; tip:edition <https://w3id.org/tipgraph/id/tip-2021-xx> ;"
            f" tip:amount xx:grant-eur . xx:grant-eur tip:amountValue {amount} .",
            encoding="utf-8",
        )
    (row,) = csv.DictReader(io.StringIO(run("export", "changes", *files.values()).out))

    assert (row["property"], row["old"], row["new"]) == (
        "grant-eur tip:amountValue",
        "419000",
        "427000",
    )


def test_graph_without_statements_is_refused(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "empty.ttl"
    file.write_text("<urn:x> <urn:p> <urn:y> .", encoding="utf-8")
    outcome = run("export", "changes", file, file)

    assert (outcome.code, outcome.out) == (3, "")
    assert f"{file}: has no statement; name a graph with all that is derived" in outcome.err
