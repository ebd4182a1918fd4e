"""`tipgraph assess`: its inputs, formats and errors."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import Run

ADULT = ("--citizenship", "ALB", "--age", 30, "--met", "identified")


def benefits(out: str) -> dict[str, Any]:
    return {each["name"]: each for each in json.loads(out)["benefits"]}


def test_options_describe_a_case(run: Run) -> None:
    outcome = run(
        "assess", "--citizenship", "NGA", "--age", 16, "--unaccompanied",
        "--met", "contact-broken-off", "--not-met", "assists-prosecution", "--format", "json",
    )  # fmt: skip

    assert (outcome.code, outcome.err) == (0, "")
    assert benefits(outcome.out)["assistance"]["blocked_by"] == ["assists-prosecution"]
    assert json.loads(outcome.out)["case"] == {
        "citizenship": ["NGA"],
        "age": 16,
        "unaccompanied": True,
        "met": ["contact-broken-off"],
        "not_met": ["assists-prosecution"],
        "categories": json.loads(outcome.out)["case"]["categories"],
    }


def test_file_and_standard_input_equal_options(run: Run, tmp_path: Path) -> None:
    document = b'{"citizenship": "ALB", "age": 30, "met": ["identified"]}'
    file = tmp_path / "case.json"
    file.write_bytes(document)

    by_file = run("assess", file, "--format", "json").out
    assert by_file == run("assess", "-", "--format", "json", stdin=document).out
    assert by_file == run("assess", *ADULT, "--format", "json").out


def test_options_add_to_a_file(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "case.json"
    file.write_text('{"citizenship": "ALB", "age": 30, "met": "identified"}')

    outcome = run("assess", file, "--met", "takes-part-in-proceedings", "--format", "json")
    assert benefits(outcome.out)["three-month-permit"]["status"] == "available"
    clash = run("assess", file, "--age", 12)
    assert clash.code == 2
    assert "12 (a child), 30 (an adult)" in clash.err


@pytest.mark.parametrize(
    "document",
    [
        b'{"age": -3}',
        b'{"age": [12, 30]}',
        b'{"met": "identifed"}',
        b'{"met": ["identified", "potential"]}',
        b'{"met": "identified", "not_met": "identified"}',
    ],
)
def test_fault_of_the_document_is_an_input_error(run: Run, document: bytes) -> None:
    plain = run("assess", "-", stdin=document)
    assert (plain.code, plain.out) == (3, "")
    for more in (["--unaccompanied"], ["--what-if", "child=met"], ["--met", "x"]):
        assert run("assess", "-", *more, stdin=document).code == 3, more


def test_fault_of_an_option_beside_a_document_is_a_usage_error(run: Run) -> None:
    for wrong in (["--met", "identifed"], ["--age", -3], ["--what-if", "x=met"]):
        assert run("assess", "-", *wrong, stdin=b"{}").code == 2, wrong


def test_empty_case_has_an_answer(run: Run) -> None:
    assert run("assess", "-", stdin=b"{}").code == 0


@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        ((), 2, "no case given"),
        (("--citizenship", "XYZ"), 2, "unknown country 'XYZ'"),
        (("--age", "-3"), 2, "invalid age -3"),
        (("--age", "old"), 2, "--age takes whole years, such as 16, not 'old'"),
        (("--age", 16, "--age", 40), 2, "16 (a child), 40 (an adult)"),
        (("--met", "identified", "--met", "potential"), 2, "identified (met) and potential (met)"),
        (("--met", "identified", "--not-met", "identified"), 2, "met and not met"),
        (("--met", "identifed"), 2, "did you mean 'identified'"),
        (("--met", "cooperates"), 2, "unknown fact 'cooperates'; 'tipgraph assess --facts' lists"),
        (("--unaccompanied", "--accompanied"), 2, "both unaccompanied and accompanied"),
        (("missing.json",), 3, "missing.json: cannot be read"),
        (("--age", 30, "--edition", "tip-1999-be"), 2, "unknown edition 'tip-1999-be'"),
        (("--age", 30, "--what-if", "identified"), 2, "--what-if takes FACT=met|not-met|unknown"),
        (("--age", 30, "--what-if", "x=met"), 2, "unknown fact 'x'"),
        (
            ("--age", 30, "--what-if", "identified=met", "--what-if", "identified=not-met"),
            2,
            "as both met and not-met",
        ),
        (("--met", "contact broken off"), 2, "did you mean 'contact-broken-off'"),
        (("--met", ""), 2, "an argument is empty"),
        (("--facts", "--format", "turtle"), 2, "--facts supports the formats"),
        (("--age", 30, "--brief", "--format", "json"), 2, "--brief supports the formats"),
        (("--overview", "--age", 30), 2, "--overview takes no case"),
        (("--overview", "--interactive"), 2, "--overview takes no case"),
        (("--overview", "--format", "turtle"), 2, "--overview supports the formats"),
        (("--age", 30, "--endpoint", "http://127.0.0.1:1"), 4, "127.0.0.1:1"),
        (("--age", 30, "--endpoint", "http://127.0.0.1:1", "--data", "x"), 2, "load your files"),
    ],
)
def test_error_is_one_line_with_its_exit_code(arguments, code, message, run, no_pauses):
    outcome = run("assess", *arguments)

    assert (outcome.code, outcome.out) == (code, "")
    assert message in outcome.err
    assert outcome.err.count("\n") == 1


def test_invalid_file_is_named(run: Run, tmp_path: Path) -> None:
    assert run("assess", "-", stdin=b"{").code == 3
    file = tmp_path / "case.json"
    file.write_text("{")
    assert run("assess", file).err.startswith(f"tipgraph: {file}: the case is not valid JSON")
    named = run("assess", "-", stdin=b'{"name": "somebody", "age": 30}')
    assert (named.code, named.out) == (3, "")
    assert "no names or other texts" in named.err


def test_irrelevant_fact_is_a_warning(run: Run) -> None:
    outcome = run("assess", *ADULT, "--met", "cooperates-with-law-enforcement")

    assert outcome.code == 0
    assert outcome.err == (
        "tipgraph: warning: no norm of this edition depends on cooperates-with-law-enforcement\n"
    )


def test_facts_are_listed(run: Run) -> None:
    listed = json.loads(run("assess", "--facts", "--format", "json").out)

    assert len(listed) == 20
    assert all(each["norms"] and each["sentences"] for each in listed)
    known = {each["fact"]: each for each in listed}
    assert known["assists-prosecution"]["sentences"] == "S22, S38"
    assert known["assists-prosecution"]["meaning"].startswith("The victim")
    assert "permanent-residency" in known["conviction-and-sentence"]["norms"]
    assert "contact-broken-off" in run("assess", "--facts").out
    assert "\n| fact |" in run("assess", "--facts", "--format", "markdown").out


def test_what_if_shows_changes(run: Run) -> None:
    outcome = run("assess", *ADULT, "--what-if", "assists-prosecution=not-met", "--format", "json")
    what_if = json.loads(outcome.out)["what_if"]

    assert what_if["facts"] == {"assists-prosecution": "not-met"}
    assert {
        "name": "assistance",
        "aspect": "status",
        "from": "undetermined",
        "to": "blocked",
    } in what_if["changes"]
    shown = run("assess", *ADULT, "--what-if", "assists-prosecution=not-met").out
    assert "What if assists the prosecution: not met" in shown
    assert "victim assistance services: undetermined → blocked" in shown
    nothing = run("assess", *ADULT, "--what-if", "living-abroad=unknown", "--format", "markdown")
    assert "no outcome would change" in nothing.out


def test_terminal_shows_the_brief_answer(run: Run) -> None:
    brief = run("assess", *ADULT, "--brief").out

    assert brief.count("\n") <= 40
    assert run("assess", *ADULT, tty=True).out == brief
    full = run("assess", *ADULT).out
    assert 40 < full.count("\n") <= 150
    assert run("assess", *ADULT, "--full", tty=True).out == full
    assert run("assess", *ADULT, "--format", "text", tty=True).out == full
    markdown = run("assess", *ADULT, "--brief", "--format", "markdown").out
    assert "\n> No legal advice." in markdown
    assert "## Next step" in markdown


def test_overview_fits_on_a_screen(run: Run) -> None:
    outcome = run("assess", "--overview")
    lines = outcome.out.rstrip("\n").split("\n")
    rows = {line[:51].strip(): line[52:].split() for line in lines}

    assert (outcome.code, outcome.err) == (0, "")
    assert outcome.out.startswith("No legal advice.")
    assert len(lines) <= 40
    assert max(map(len, lines)) <= 100
    # Child, then adult; citizen, EU, non-EU; identified, potential.
    assert rows["a 45-day reflection period (S23)"] == ["yes", "if"] * 6
    assert rows["a three-month residence and work permit (S25)"] == [
        *["n/a"] * 2, *["if"] * 4, *["n/a"] * 2, *["if"] * 4,
    ]  # fmt: skip
    assert rows["permanent residency (S27)"][2:6] == ["-", "-", "if", "if"]
    assert rows["testimony by video (S31, S32)"] == ["may"] * 6 + ["if"] * 6


def test_overview_as_json_and_markdown(run: Run) -> None:
    document = json.loads(run("assess", "--overview", "--format", "json").out)
    persons = document["persons"]
    rows = {each["name"]: each["statuses"] for each in document["rows"]}

    assert "No legal advice" in document["notice"]
    assert len(persons) == 12
    assert persons[0] == {"age": "child", "citizenship": "citizen", "identification": "identified"}
    assert rows["social-services"] == ["not-stated", "available"] * 6
    assert rows["repatriation"][:3] == ["does-not-follow"] * 2 + ["depends-on-facts"]
    assert rows["child-shelter"][0] == "depends-on-reading"
    markdown = run("assess", "--overview", "--format", "markdown").out
    assert "\n> No legal advice." in markdown
    assert "child, citizen, identified" in markdown


def test_interactive_asks_what_matters(run: Run) -> None:
    """Citizenship, age, status, then the facts that matter; an empty line skips a question."""
    answers = ["NGA", "abc", "²", "--5", "9" * 5000, "30", "y", "", "?", "y", "maybe", "n"]
    outcome = run("assess", "--interactive", "--format", "json",
                stdin="".join(f"{each}\n" for each in [*answers, *[""] * 20]).encode())  # fmt: skip
    lines = outcome.err.splitlines()

    assert outcome.code == 0
    case = json.loads(outcome.out)["case"]
    assert (case["citizenship"], case["age"]) == (["NGA"], 30)
    assert "identified" in case["met"]
    assert any("invalid age 'abc'" in line for line in lines), "asked again"
    assert any("answer y, n or ?" in line for line in lines)
    assert not any("otential" in line for line in lines), "an identified victim is not potential"


def test_interactive_skips_what_does_not_matter(run: Run) -> None:
    citizen = ("--citizenship", "BEL", "--age", 30, "--met", "identified")
    outcome = run("assess", "--interactive", *citizen, "--format", "json", stdin=b"\n" * 20)

    assert "proceedings" not in outcome.err, "no permit is of use to a citizen"
    assert "trafficker" in outcome.err


def test_interactive_reply_that_is_no_text_is_an_error(run: Run) -> None:
    outcome = run("assess", "--interactive", stdin=b"\xff\xfe\n")

    assert (outcome.code, outcome.out) == (3, "")
    assert "standard input: not UTF-8" in outcome.err


def test_interactive_reply_without_end_is_an_error(run: Run) -> None:
    code, out, err = run("assess", "--interactive", stdin=b"a" * 100_000)

    assert (code, out) == (3, "")
    assert "a reply has at most 10,000 characters" in err
    assert len(err) < 1000


def test_interactive_can_be_cancelled(run: Run) -> None:
    left = run("assess", "--interactive", stdin=b"")

    assert (left.code, left.out) == (130, "")
    assert left.err.endswith("\ncancelled; no reply was stored\n")


def test_proof_is_turtle(run: Run) -> None:
    outcome = run("assess", *ADULT, "--format", "turtle")

    assert "tip:BenefitConclusion" in outcome.out
    assert "prov:wasDerivedFrom" in outcome.out
    assert "tip:byRule" in outcome.out
