"""`tipgraph cite`: a citation to paste, of whatever the graph has."""

import hashlib
import json
import re
from datetime import date
from pathlib import Path

import jsonschema
import pytest
import yaml
from bibtexparser.entrypoint import parse_string
from hypothesis import given
from hypothesis import strategies as st

import tipgraph
from tests.conftest import Run
from tests.tools import TOOLS, needs
from tipgraph.cite import FORMATS, Citation, CitedPlace, bibtex, csl_json, text
from tipgraph.graph import Graph
from tipgraph.namespaces import ID
from tipgraph.safe_text import LATEX
from tipgraph.store.build import make_graph, nquads

ROOT = Path(__file__).parents[2]
SCHEMA = "csl-data.json"
PERMITS = "174 residence permits issued for trafficking victims in 2020"
LINK = (
    "https://www.state.gov/reports/2021-trafficking-in-persons-report/belgium/"
    "#:~:text=government-,issued%20174%20residence%20permits,-for"
)
# One of each kind: an edition, a sentence, figures, a statement of another speaker, a norm, an
# inference, passages in a text and on a page, an actor, a code, a class.
THINGS = [
    *("tip-2021-be", "tip-2021-be/S30", PERMITS, "tip-2022-mt/referral-mechanism-by-greta"),
    *("tip-2021-be/assistance", "tip-2021-be/duty-to-follow-protocol", "tip-2021-be/S30-174"),
    *("Myria", "residence-permits-issued", "tip:Observation", "tip-2021-be/text"),
]


def entry(content: str) -> dict[str, str]:
    """The fields of the one entry, read by another program."""
    library = parse_string(content)
    assert not library.failed_blocks
    (found,) = library.entries
    return {each.key: each.value for each in found.fields} | {"type": found.entry_type}


def unescaped(field: str) -> str:
    """The text that LaTeX shows, without the braces that keep capitals."""
    for character, command in LATEX.items():
        if character != "\\":
            field = field.replace(command, character)
    return field.replace(LATEX["\\"], "\\").removeprefix("{").removesuffix("}")


def test_figure_is_cited_with_its_place_and_its_caveat(shipped, run: Run) -> None:
    code, out, err = run("cite", PERMITS)

    assert (code, err, len(out.splitlines())) == (0, "", 1)
    assert out.startswith(
        "US Department of State. “Belgium: Protection”. In: Trafficking in Persons Report 2021."
        f" 2021. Sentence S30, “issued 174 residence permits”, <{LINK}>. Cited for: {PERMITS}."
        " Note: Permits, not persons; first permits and renewals are not distinguished."
    )
    assert out.endswith(
        f" Found with tipgraph {tipgraph.__version__}, https://w3id.org/tipgraph/,"
        f" graph sha256:{shipped.digest}.\n"
    )
    assert re.fullmatch("[0-9a-f]{64}", shipped.digest)


def test_comparison_is_found_and_cited_with_the_caveats_of_its_figures(shipped, run: Run) -> None:
    asked = "SELECT ?it ?text { ?it a tip:Comparison ; tip:caveatText ?text } ORDER BY ?it LIMIT 1"
    (row,) = shipped.query(asked)
    name = str(row["it"]).removeprefix(ID)
    caveats = str(row["text"]).split(" | ")

    assert " ".join(f"Note: {each.rstrip('.')}." for each in caveats) in run("cite", name).out
    label = str(shipped.labelled(shipped.query(asked))[0]["it"])
    hits = {each.name: each for each in shipped.search(label, limit=None).hits}
    assert [*hits[name].caveats] == caveats


def test_speaker_comes_before_the_publisher(run: Run) -> None:
    name = "tip-2022-mt/referral-mechanism-by-greta"

    credit = "GRETA, as reported by US Department of State"
    assert run("cite", name).out.startswith(f"{credit}. “Malta: Protection”")
    fields = entry(run("cite", name, "--format", "bibtex").out)
    assert fields["author"] == "{US Department of State}"
    assert fields["note"].startswith(f"{credit}. ")
    (item,) = json.loads(run("cite", name, "--format", "csl-json").out)
    assert item["author"] == [{"literal": "US Department of State"}]
    assert item["note"].startswith(f"{credit}. ")


def test_inference_is_cited_as_ours(run: Run) -> None:
    out = run("cite", "tip-2021-be/duty-to-follow-protocol").out

    assert out.startswith("Inferred by tipgraph from US Department of State. “Belgium")


def test_places_follow_the_order_of_the_text(shipped) -> None:
    rows = shipped.engine.select(
        "SELECT ?statement { ?statement tip:evidence/tip:sentence ?a, ?b ; tip:speaker ?speaker ."
        " ?a oa:start ?first . ?b oa:start ?second FILTER(?first < ?second) } LIMIT 5"
    )
    for statement in map(str, rows.column("statement")):
        names = [place.name for place in shipped.cite(statement).places]
        assert len(set(names)) > 1
        assert names == sorted(names)


@pytest.mark.parametrize(
    ("thing", "expected"),
    [
        ("tip-2021-be", "Report 2021. 2021. <https://www.state.gov/reports/2021-trafficking-in-p"),
        ("tip-2021-be/S30", "2021. Sentence S30, <https://www.state.gov/reports/2021-trafficki"),
        ("tip-2021-be/S30-174", f"2021. Sentence S30, “issued 174 residence permits”, <{LINK}>"),
        ("Myria", "contributors. “Myria”. In: tipgraph: a sourced knowledge graph of how"),
        ("residence-permits-issued", "“residence permits issued”. In: tipgraph: a sourced"),
        ("graph:tip-2021-be", "“graph:tip-2021-be”. In: tipgraph: a sourced knowledge graph"),
        ("code:topics", "“topics”. In: tipgraph: a sourced knowledge graph"),
    ],
)
def test_each_kind_of_thing_is_cited(run: Run, thing: str, expected: str) -> None:
    out = run("cite", thing).out

    assert expected in out
    assert "Cited for" not in out


def test_date_of_access_is_left_to_the_user(run: Run) -> None:
    today = date.today().isoformat()
    for style in FORMATS:
        out = run("cite", PERMITS, "--format", style).out
        assert "access" not in out.lower()
        assert today not in out
    assert "Add the date" in run("cite", "--help").out


def test_record_agrees_with_the_citation_file(shipped) -> None:
    stated = yaml.safe_load((ROOT / "CITATION.cff").read_text(encoding="utf-8"))
    record, source = shipped.cite("Myria"), shipped.cite("tip-2021-be")

    assert record.container == stated["title"]
    assert [record.author] == [author["name"] for author in stated["authors"]]
    assert record.version == source.version == stated["version"]
    assert json.loads(csl_json(record))[0]["type"] == stated["type"]


def test_unknown_thing_is_an_error(run: Run) -> None:
    code, out, err = run("cite", "Miria")

    assert (code, out) == (2, "")
    assert "did you mean 'myria'" in err


def test_digest_is_that_of_the_graph_with_the_files_of_the_user(
    graph: tipgraph.LocalGraph, cache: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    own = tmp_path / "own.ttl"
    own.write_text("<urn:a> <urn:b> [ <urn:c> 1 ] .", encoding="utf-8")
    with_own = tipgraph.open(own)

    assert graph.digest == hashlib.sha256(make_graph(graph.resources)).hexdigest()
    assert with_own.digest != graph.digest
    # The same graph, made again with other names for its blank nodes.
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "another"))
    again = tipgraph.open(own)
    assert nquads(again.engine.store) != nquads(with_own.engine.store)
    assert again.digest == with_own.digest


def test_store_has_no_digest(shipped: tipgraph.LocalGraph) -> None:
    citation = Graph(shipped.engine, shipped.resources).cite("tip-2021-be")

    assert "sha256" not in text(citation)


def test_bibtex_has_the_same_content(run: Run) -> None:
    fields = entry(run("cite", PERMITS, "--format", "bibtex").out)

    assert fields["type"] == "incollection"
    assert fields["title"] == "{Belgium: Protection}"
    assert fields["booktitle"] == "{Trafficking in Persons Report 2021}"
    assert fields["year"] == "2021"
    assert fields["url"] == LINK
    assert rf"Sentence S30, ``issued 174 residence permits'', \url{{{LINK}}}." in fields["note"]
    assert "Note: Permits, not persons" in fields["note"]


def validate(content: str) -> None:
    schema = json.loads((TOOLS / SCHEMA).read_text(encoding="utf-8"))
    jsonschema.Draft3Validator(schema).validate(json.loads(content))


@needs(SCHEMA)
def test_csl_json_conforms_to_its_schema_and_bibtex_is_read(shipped: tipgraph.LocalGraph) -> None:
    for thing in THINGS:
        citation = shipped.cite(thing)
        validate(csl_json(citation))
        assert entry(bibtex(citation))["url"].startswith("https://")


HOSTILE = st.one_of(
    st.text(max_size=12), st.text(alphabet="\\{}$&#%_~^\"'@,= \n\u202e\x1b<>", max_size=12)
)
CITATIONS = st.builds(
    Citation,
    key=st.just("key"),
    year=st.integers(0, 9999),
    places=st.lists(st.builds(CitedPlace, HOSTILE, HOSTILE, HOSTILE), max_size=2).map(tuple),
    speakers=st.lists(HOSTILE, max_size=2).map(tuple),
    caveats=st.lists(HOSTILE, max_size=2).map(tuple),
    **dict.fromkeys(["author", "title", "container", "address", "statement", "digest"], HOSTILE),
    is_record=st.booleans(),
)


@needs(SCHEMA)
@given(CITATIONS)
def test_labels_with_markup_stay_text(citation: Citation) -> None:
    fields = entry(bibtex(citation))

    assert unescaped(fields["title"]) == " ".join(citation.title.split())
    depth = 0
    for brace in re.findall("[{}]", bibtex(citation)):
        depth += 1 if brace == "{" else -1
        assert depth >= 0
    assert depth == 0
    assert fields.keys() <= {
        *("type", "author", "title", "booktitle", "howpublished", "publisher", "year", "url"),
        "note",
    }
    validate(csl_json(citation))
    assert len(text(citation).splitlines()) == 1
