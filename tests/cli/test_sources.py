"""`tipgraph sources`: the editions in the graph."""

import csv
import io

from tests.conftest import Run
from tipgraph.resources.folders import shipped


def test_each_edition_is_listed_with_its_coverage(run: Run) -> None:
    outcome = run("sources", "--columns", "all", "--format", "csv")
    rows = {row["name"]: row for row in csv.DictReader(io.StringIO(outcome.out, newline=""))}
    folders = {file.rsplit("/", 2)[-2] for file in shipped().data() if file.endswith("edition.ttl")}

    assert set(rows) == folders
    complete, partial = rows["tip-2021-be"], rows["tip-2020-be"]
    assert (complete["coverage"], complete["sentences"], complete["covered"]) == (
        "complete",
        "40",
        "40",
    )
    assert complete["sha256"] == "53ae0fa66f49afae6e01e13102d6b3481a20bb711c120145ec274c8f20c023f8"
    assert (partial["coverage"], partial["sentences"], partial["sha256"]) == ("partial", "", "")
    assert "first 2,000 characters" in partial["note"]
    assert all(int(row["statements"]) >= int(row["figures"]) > 0 for row in rows.values())


def test_area_selects_a_country(run: Run) -> None:
    table = run("sources", "--area", "HUN", tty=True).out

    assert "TIP Report 2022, Hungary" in table
    assert "Belgium" not in table
    assert run("sources", "--area", "HUNGRY").code == 2
