"""The editions that are there."""

import csv
import io

from tests.conftest import Run
from tipgraph.resources.folders import shipped


def test_that_every_folder_of_an_edition_is_listed_with_what_is_held(run: Run) -> None:
    outcome = run("sources", "--format", "csv", "--labels")
    rows = {row["name"]: row for row in csv.DictReader(io.StringIO(outcome.out, newline=""))}
    folders = {file.rsplit("/", 2)[-2] for file in shipped().data() if file.endswith("edition.ttl")}

    assert set(rows) == folders
    whole, part = rows["tip-2021-be"], rows["tip-2020-be"]
    assert (whole["coverage"], whole["sentences"], whole["covered"]) == ("complete", "40", "40")
    assert whole["sha256"] == "53ae0fa66f49afae6e01e13102d6b3481a20bb711c120145ec274c8f20c023f8"
    assert (part["coverage"], part["sentences"], part["sha256"]) == ("partial", "", "")
    assert "first 2,000 characters" in part["note"]
    assert all(int(row["statements"]) >= int(row["figures"]) > 0 for row in rows.values())


def test_that_a_country_may_be_chosen_and_an_unknown_one_is_told(run: Run) -> None:
    table = run("sources", "--area", "HUN", tty=True).out

    assert "TIP Report 2022, Hungary" in table
    assert "Belgium" not in table
    assert run("sources", "--area", "HUNGRY").code == 2
