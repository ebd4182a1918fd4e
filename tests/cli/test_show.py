"""`tipgraph show`: the statements about an entity, with sentence, speaker and link."""

import json

import pytest
from pyoxigraph import RdfFormat, parse

LINK = "https://example.org/2021/xland/#:~:text=the-,so%2Dcalled%20shelters,-were"


def test_actor_is_shown_with_its_statements(mini, run):
    lines = run("show", "shelters").out.splitlines()

    assert lines[0] == "shelters"
    assert "  is a  actor" in lines
    assert "Mentioned in 2 statements" in lines
    line = next(n for n, line in enumerate(lines) if "Shelters were full" in line)
    assert "officials (unnamed) (finding; is about)" in lines[line]
    place = next(line for line in lines[line:] if line.startswith("      S02 "))
    assert place == "      S02 “so-called shelters” [1]"
    assert f"  [1] {LINK}" in lines


def test_sentence_is_shown_with_its_statements(mini, run):
    out = run("show", "S02").out

    assert "Shelters were full, officials said" in out
    assert "The government oversees the shelters" in out


def test_statement_is_shown_with_its_properties_and_evidence(mini, run):
    out = run("show", "victims-12").out

    assert "has value        12" in out
    assert "tip:approximate  no" in out
    assert "stated by  US Department of State" in out
    assert "“identified 12 victims”" in out


def test_markdown_links_the_sentence(mini, run):
    markdown = run("show", "shelters", "--format", "markdown").out

    assert "- Shelters were full" in markdown
    assert f"[S02 “so-called shelters”]({LINK})" in markdown


def test_json_contains_the_links(mini, run):
    shown = json.loads(run("show", "shelters", "--format", "json").out)

    assert shown["iri"].endswith("/id/shelters")
    assert {m["passages"][0]["link"] for m in shown["mentions"]} == {LINK}


def test_turtle_contains_the_statements_and_their_quotes(mini, run):
    out = run("show", "shelters", "--format", "turtle").out

    triples = {str(quad.triple) for quad in parse(out, RdfFormat.TURTLE)}
    assert any("so-called shelters" in triple for triple in triples)
    assert any("Shelters were full" in triple for triple in triples)


@pytest.mark.parametrize("style", ["text", "turtle"])
def test_edition_limits_the_statements(mini, run, style):
    shown = ("show", "shelters", "--format", style, "--edition")

    assert "Shelters were full" in run(*shown, "tip-2021-xx").out
    assert "Shelters were full" not in run(*shown, "tip-2022-xx").out


@pytest.mark.parametrize("style", ["text", "turtle"])
@pytest.mark.parametrize("edition", ["tip-2021-xx", "tip-2022-xx"])
def test_name_is_that_of_the_edition_that_is_asked_for(mini, run, edition, style):
    outcome = run("show", "S01", "--edition", edition, "--format", style)

    assert (outcome.code, outcome.err) == (0, "")
    assert edition in outcome.out
    assert {"tip-2021-xx": "tip-2022-xx", "tip-2022-xx": "tip-2021-xx"}[edition] not in outcome.out


def test_offsets_of_a_sentence_need_an_option(mini, run):
    assert "oa:start" not in run("show", "S02").out
    assert "oa:start" in run("show", "S02", "--technical").out


def test_offset_that_is_no_number_is_no_traceback(mini, run, tmp_path):
    own = tmp_path / "own.ttl"
    sentence = "https://w3id.org/tipgraph/id/tip-2021-xx/S02"
    own.write_text(f'<{sentence}> <http://www.w3.org/ns/oa#start> "abc" .', encoding="utf-8")

    assert "so-called shelters" in run("show", sentence, "--data", own).out
