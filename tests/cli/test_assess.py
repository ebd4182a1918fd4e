"""`tipgraph assess`: ways in, ways out, and what is refused in one line."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import Run

ADULT = ("--citizenship", "ALB", "--age", 30, "--met", "identified")


def rungs(out: str) -> dict[str, Any]:
    return {each["entitlement"]: each for each in json.loads(out)["rungs"]}


def test_the_options(run: Run) -> None:
    told = run(
        "assess", "--citizenship", "NGA", "--age", 16, "--unaccompanied",
        "--met", "contact-broken-off", "--not-met", "assists-prosecution", "--format", "json",
    )  # fmt: skip

    assert (told.code, told.err) == (0, "")
    assert rungs(told.out)["assistance"]["blockedBy"] == ["assists-prosecution"]
    assert json.loads(told.out)["case"] == {
        "citizenship": ["NGA"],
        "age": 16,
        "unaccompanied": True,
        "met": ["contact-broken-off"],
        "notMet": ["assists-prosecution"],
        "categories": json.loads(told.out)["case"]["categories"],
    }


def test_that_file_and_standard_input_say_the_same_as_options(run: Run, tmp_path: Path) -> None:
    document = b'{"citizenship": "ALB", "age": 30, "met": ["identified"]}'
    file = tmp_path / "case.json"
    file.write_bytes(document)

    by_file = run("assess", file, "--format", "json").out
    assert by_file == run("assess", "-", "--format", "json", stdin=document).out
    assert by_file == run("assess", *ADULT, "--format", "json").out


def test_that_options_add_to_a_file(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "case.json"
    file.write_text('{"citizenship": "ALB", "age": 30, "met": "identified"}')

    told = run("assess", file, "--met", "takes-part-in-proceedings", "--format", "json")
    assert rungs(told.out)["three-month-permit"]["status"] == "available"
    clash = run("assess", file, "--age", 12)
    assert clash.code == 3
    assert "12 (a child), 30 (an adult)" in clash.err


def test_a_case_of_which_nothing_is_told(run: Run) -> None:
    assert run("assess", "-", stdin=b"{}").code == 0


@pytest.mark.parametrize(
    ("arguments", "code", "told"),
    [
        ((), 2, "say something of the case"),
        (("--citizenship", "XYZ"), 3, "no country is called 'XYZ'"),
        (("--age", "-3"), 3, "age -3"),
        (("--age", "old"), 3, "age old"),
        (("--age", 16, "--age", 40), 3, "16 (a child), 40 (an adult)"),
        (("--met", "identified", "--met", "potential"), 3, "identified or potential, not both"),
        (("--met", "identified", "--not-met", "identified"), 3, "met and not met"),
        (("--met", "identifed"), 3, "nearest: identified"),
        (("--unaccompanied", "--accompanied"), 3, "both unaccompanied and not"),
        (("missing.json",), 3, "missing.json: cannot be read"),
        (("--age", 30, "--edition", "tip-1999-be"), 2, "nothing is called 'tip-1999-be'"),
        (("--age", 30, "--what-if", "identified"), 2, "--what-if takes FACT=met|not-met|unknown"),
        (("--age", 30, "--what-if", "x=met"), 3, "no fact is called 'x'"),
        (
            ("--age", 30, "--what-if", "identified=met", "--what-if", "identified=not-met"),
            3,
            "both met and not-met",
        ),
        (("--met", "contact broken off"), 3, "nearest: contact-broken-off"),
        (("--met", ""), 3, "an empty name"),
        (("--age", 30, "--matrix", "--format", "turtle"), 2, "--matrix is written as"),
        (
            ("--age", 30, "--matrix", "--what-if", "identified=met"),
            2,
            "--matrix takes what is told",
        ),
        (("--facts", "--format", "turtle"), 2, "--facts is written as"),
        (("--age", 30, "--endpoint", "http://127.0.0.1:1"), 4, "127.0.0.1:1"),
        (("--age", 30, "--endpoint", "http://127.0.0.1:1", "--data", "x"), 2, "load your files"),
    ],
)
def test_what_is_refused_in_one_line(
    arguments: tuple[object, ...], code: int, told: str, run: Run
) -> None:
    outcome = run("assess", *arguments)

    assert (outcome.code, outcome.out) == (code, "")
    assert told in outcome.err
    assert outcome.err.count("\n") == 1


def test_a_broken_file(run: Run, tmp_path: Path) -> None:
    assert run("assess", "-", stdin=b"{").code == 3
    file = tmp_path / "case.json"
    file.write_text("{")
    assert run("assess", file).err.startswith(f"tipgraph: {file}: the case is no JSON")
    named = run("assess", "-", stdin=b'{"name": "somebody", "age": 30}')
    assert (named.code, named.out) == (3, "")
    assert "neither names nor other texts" in named.err


def test_that_a_fact_that_nothing_turns_on_is_a_warning(run: Run) -> None:
    told = run("assess", *ADULT, "--met", "cooperates-with-law-enforcement")

    assert told.code == 0
    assert told.err == (
        "tipgraph: warning: no norm of this edition turns on cooperates-with-law-enforcement\n"
    )


def test_the_facts(run: Run) -> None:
    listed = json.loads(run("assess", "--facts", "--format", "json").out)

    assert len(listed) == 14
    assert all(each["bears on"] and each["sentences"] for each in listed)
    known = {each["fact"]: each for each in listed}
    assert known["assists-prosecution"]["sentences"] == "S22, S38"
    assert known["assists-prosecution"]["meaning"].startswith("The victim")
    assert "permanent-residency" in known["conviction-and-sentence"]["bears on"]
    assert "contact-broken-off" in run("assess", "--facts").out
    assert run("assess", "--facts", "--format", "markdown").out.startswith("| fact |")


def test_what_if(run: Run) -> None:
    told = run("assess", *ADULT, "--what-if", "assists-prosecution=not-met", "--format", "json")
    asked = json.loads(told.out)["whatIf"]

    assert asked["facts"] == {"assists-prosecution": "not-met"}
    assert {
        "entitlement": "assistance",
        "aspect": "status",
        "from": "undetermined",
        "to": "blocked",
    } in asked["changes"]
    shown = run("assess", *ADULT, "--what-if", "assists-prosecution=not-met").out
    assert "What if assists the prosecution: not met" in shown
    assert "assistance: undetermined → blocked" in shown
    nothing = run("assess", *ADULT, "--what-if", "living-abroad=unknown", "--format", "markdown")
    assert "nothing would change" in nothing.out


def test_the_matrix(run: Run) -> None:
    told = json.loads(run("assess", *ADULT, "--matrix", "--format", "json").out)

    assert told["edition"] == "tip-2021-be"
    assert "No legal advice" in told["notice"]
    rows = [row for group in told["groups"] for row in group["rows"]]
    assert {"facts": {"prosecutor-confirmed": "met"},
            "statuses": {"six-month-permit": "discretionary"}} in rows  # fmt: skip
    shown = run("assess", *ADULT, "--matrix").out
    assert "No legal advice" in shown
    assert "citizenship: Albania" in shown
    assert (
        "| prosecutor-confirmed | six-month-permit |"
        in run("assess", *ADULT, "--matrix", "--format", "markdown").out
    )


def test_the_questions(run: Run) -> None:
    """Citizenship, age, status, then the facts that still matter; an empty line is no answer."""
    answers = ["NGA", "abc", "30", "y", "", "?", "y", "maybe", "n"]
    asked = run("assess", "--interactive", "--format", "json",
                stdin="".join(f"{each}\n" for each in [*answers, *[""] * 20]).encode())  # fmt: skip
    lines = asked.err.splitlines()

    assert asked.code == 0
    case = json.loads(asked.out)["case"]
    assert (case["citizenship"], case["age"]) == (["NGA"], 30)
    assert "identified" in case["met"]
    assert any("age abc" in line for line in lines), "asked again"
    assert any("answer y, n or ?" in line for line in lines)
    assert not any("otential" in line for line in lines), "who is identified is not potential"


def test_that_what_is_settled_is_not_asked(run: Run) -> None:
    citizen = ("--citizenship", "BEL", "--age", 30, "--met", "identified")
    told = run("assess", "--interactive", *citizen, "--format", "json", stdin=b"\n" * 20)

    assert "proceedings" not in told.err, "no permit is of use to a citizen"
    assert "trafficker" in told.err


def test_that_an_interview_can_be_left(run: Run) -> None:
    left = run("assess", "--interactive", stdin=b"")

    assert (left.code, left.out) == (130, "")
    assert left.err.endswith("\nbroken off; nothing of it is kept\n")


def test_the_proof(run: Run) -> None:
    told = run("assess", *ADULT, "--format", "turtle")

    assert "tip:BenefitConclusion" in told.out
    assert "prov:wasDerivedFrom" in told.out
    assert "tip:byRule" in told.out
