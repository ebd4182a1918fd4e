"""The form for a case: its answer is that of the command, and nothing of it is kept."""

import re

import pytest

import tipgraph
from tests.conftest import Run
from tests.explorer.conftest import Client, title
from tipgraph.explorer import cases
from tipgraph.explorer.asked import Asked
from tipgraph.explorer.site import Site, in_memory
from tipgraph.store.engine import Remembering

CASE = {"citizenship": "ALB", "age": "30", "fact-identified": "met", "fact-conviction": "not_met"}


def test_answer_is_that_of_the_command_and_is_not_stored(client: Client, run: Run) -> None:
    answer = client.send("POST", "/-/case", data=CASE)
    wanted = run(
        *("assess", "--citizenship", "ALB", "--age", "30", "--met", "identified"),
        *("--not-met", "conviction", "--full", "--format", "html"),
    ).out

    assert answer.status_code == 200
    assert answer.headers["cache-control"] == "no-store"
    assert "a 45-day reflection period" in answer.text
    assert wanted.count("<li>") <= answer.text.count("<li>")
    assert "No legal advice" in answer.text
    # Titles and forms' addresses are kept in the history.
    assert title(answer) == title(client.get("/-/case"))
    assert 'method="post" action="/-/case" autocomplete="off"' in answer.text


def test_citation_and_report_of_a_mistake_have_nothing_of_the_case(client: Client) -> None:
    about = re.compile(r'<aside class="about".*?</aside>', re.DOTALL)
    form, answer = client.get("/-/case"), client.send("POST", "/-/case", data=CASE)
    wrong = client.send("POST", "/-/case", data={"age": "old", "citizenship": "ALB"})

    assert about.findall(answer.text) == about.findall(form.text) == about.findall(wrong.text)
    assert "title=%2F-%2Fcase" in form.text


def test_engine_keeps_no_query_about_a_case() -> None:
    site = Site(in_memory(tipgraph.open()))
    cases.form(site, Asked())
    assert site.things
    engine = site.engine
    assert isinstance(engine, Remembering)
    before = {*engine.kept}
    cases.answer(site, {**CASE, "edition": "tip-2021-be"})

    assert before
    assert {*engine.kept} == before


def test_form_has_each_fact_of_the_edition(client: Client) -> None:
    form = client.get("/-/case?edition=tip-2021-be")

    assert 'name="fact-identified"' in form.text
    assert form.headers["cache-control"] == "no-store"


@pytest.mark.parametrize(
    ("entered", "problem"),
    [
        ({"age": "old"}, "completed years"),
        ({"age": "500"}, "500"),
        ({"citizenship": "Atlantis"}, "Atlantis"),
        ({"fact-nothing": "met"}, "nothing"),
        ({"edition": "tip-2020-xx"}, "tip-2020-xx"),
    ],
)
def test_wrong_case_is_explained_on_the_page_alone(
    client: Client, capsys: pytest.CaptureFixture[str], entered: dict[str, str], problem: str
) -> None:
    answer = client.send("POST", "/-/case", data=entered)

    assert answer.status_code == 400
    assert problem in answer.text
    assert answer.headers["cache-control"] == "no-store"
    assert capsys.readouterr() == ("", "")


def test_bug_in_a_case_is_reported_without_the_case(
    client: Client, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> None:
        raise RuntimeError("citizen of ALB")

    monkeypatch.setattr("tipgraph.explorer.cases._case", broken)
    answer = client.send("POST", "/-/case", data=CASE)

    assert answer.status_code == 500
    assert answer.headers["cache-control"] == "no-store"
    assert "ALB" not in answer.text
    assert capsys.readouterr() == ("", "tipgraph: a bug in a private page: RuntimeError\n")


def test_too_long_case_is_refused(client: Client) -> None:
    assert client.send("POST", "/-/case", content=b"a=" + b"x" * 40_000).status_code == 413
    assert client.send("POST", "/-/case", content=b"a=1&" * 500).status_code == 413
    assert client.send("POST", "/-/case", content=b"age=\xff").status_code == 413
