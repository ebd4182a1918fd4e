"""Search: what it finds first, spellings, filters, any text, and the index that it keeps."""

import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

import tipgraph
from tipgraph import UsageError
from tipgraph.graph import LocalGraph
from tipgraph.search import remarks
from tipgraph.search.result import SearchResult

SEARCHES = yaml.safe_load(Path(__file__).with_name("searches.yaml").read_text("utf-8"))
OPERATORS = [
    *(
        "AND",
        "OR",
        "NOT",
        "NEAR",
        "NEAR(",
        "NEAR(a b, 2)",
        "*",
        "^",
        ":",
        "+",
        "-",
        '"',
        "'",
        "(",
        ")",
    ),
    *("label:", "names :", "{label names}", "- label", "text", "rank", "--", ";", "\\", "%", "_"),
    *("shelter", "victims", "“", "”", "\0", "\ud800", "\ufdd0", "\ue000", "\u202e", "🙂", "ملجأ"),
]


def names(result: SearchResult) -> list[str]:
    return [hit.name for hit in result.hits]


@pytest.mark.slow(reason="opens and indexes the editions of all countries")
def test_first_hit_is_what_a_stranger_looks_for(everything: LocalGraph) -> None:
    assert len(SEARCHES) >= 27

    def first_answer(words: str) -> str:
        """A stored query on the countries that are named comes before the hits."""
        found = everything.search(words, limit=1)
        asked = [f"{each.name} {' '.join(each.areas)}" for each in found.queries]
        return [*asked, *names(found)][0]

    assert {words: first_answer(str(words)) for words in SEARCHES} == SEARCHES
    assert everything.search("Greece vs Italy victims").lacking == ()
    (referred,) = everything.search("victims identified in UK in 2020", limit=1).hits
    assert referred.without == ("identified",)


def test_hit_has_statement_speaker_edition_sentence_and_caveat(shipped: LocalGraph) -> None:
    hit = shipped.search("248 permits issued").hits[0]

    assert hit.iri == "https://w3id.org/tipgraph/id/tip-2021-be/permits-2018"
    assert hit.editions == ("tip-2021-be",)
    assert hit.speakers == ("US Department of State",)
    assert hit.place == "S30"
    assert hit.caveats[0].startswith("Permits, not persons")
    assert hit.link.startswith("https://www.state.gov/reports/2021-")
    assert [hit.label[first:last] for first, last in hit.label_spans] == [
        "248",
        "permits",
        "issued",
    ]


def test_snippet_shows_a_match_outside_the_label(shipped: LocalGraph) -> None:
    (note,) = shipped.search('"a legal guardian"').hits
    name = shipped.search("helpline").hits[0]
    related = shipped.search("guardianship", kind="statement").hits[0]

    assert (note.name, note.field) == ("tip-2021-be/mentors-for-children", "note")
    assert note.snippet.endswith("Whether the mentor is a legal guardian is not stated.")
    assert [note.snippet[first:last] for first, last in note.snippet_spans] == ["a legal guardian"]
    assert (name.name, name.field, name.snippet) == ("hotline", "names", "helpline")
    assert (related.field, related.snippet) == ("related", "guardianship of children")


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("counselling", "counseling"),
        ("labour", "labor"),
        ("labours", "labors"),
        ("organisation", "organization"),
        ("organised", "organized"),
        ("programme", "program"),
        ("centre", "center"),
        ("centres", "centers"),
        ("offence", "offense"),
        ("non-governmental", "nongovernmental"),
        ("psycho-social", "psychosocial"),
        ("children's", "childrens"),
        ("woman", "women"),
        ("shelter", "SHELTERS"),
        ("penalised", "penalized"),
    ],
)
def test_spellings_find_the_same(shipped: LocalGraph, one: str, other: str) -> None:
    found = [sorted(names(shipped.search(each, limit=None))) for each in (one, other)]

    assert found[0]
    assert found[0] == found[1]


def test_words_phrases_and_beginnings(shipped: LocalGraph) -> None:
    def count(words: str) -> int:
        result = shipped.search(words)
        return result.total if result.matches_all else 0

    assert 0 < count('"legal representation"') < count("legal") < count("le*")
    assert count('"representation legal"') == 0
    assert count("representation legal") >= count('"legal representation"')
    assert count("identificat*") >= count("identification") > 0
    assert count("how is the shelter") == count("shelter")


def test_some_of_the_words_are_better_than_nothing(shipped: LocalGraph) -> None:
    result = shipped.search("mentor intrepreters")

    assert not result.matches_all
    assert "tip-2021-be/mentors-for-children" in names(result)
    assert result.missing == ("intrepreters",)
    assert "interpreters" in result.nearest


@pytest.mark.parametrize("word", ["Hongrie", "Hongarije", "Hungry"])
def test_country_in_another_language_or_misspelt_is_read_as_it(shipped: LocalGraph, word):
    result = shipped.search(f"victims identified in {word}")

    assert result.read_as == ((word.lower(), "Hungary"),)
    assert f"{word.lower()!r} is read as Hungary" in [*remarks(result)]
    assert names(result) == names(shipped.search("victims identified in Hungary"))


def test_other_words_are_no_countries(shipped: LocalGraph) -> None:
    for words in ("shelter intrepreters", "Hungar* shelters", "childen"):
        assert not shipped.search(words).read_as


def test_some_of_the_words_are_found_in_the_country_that_is_named(everything: LocalGraph) -> None:
    for country, edition in {"Belgium": "-be", "United Kingdom": "-gb"}.items():
        result = everything.search(f"deaf victims {country.lower()}")

        assert not result.matches_all
        assert len(result.hits) == 10
        for hit in result.hits:
            assert country in hit.label + hit.snippet or hit.editions[0].endswith(edition)
    # The graph has no edition on Chad.
    assert not everything.search("deaf victims Chad").hits


def test_topic_without_a_statement_is_reported(shipped: LocalGraph) -> None:
    (beds,) = shipped.search("beds").gaps
    (interpreter,) = shipped.search("interpreters", edition="tip-2021-be").gaps

    assert beds.stated == 0
    assert beds.not_stated == ("TIP Report 2021, Belgium",)
    assert beds.not_extracted > 4
    assert (interpreter.label, interpreter.command, interpreter.not_extracted) == (
        "translation and interpretation",
        "tipgraph show interpretation",
        0,
    )
    assert shipped.search("shelter").gaps == ()


def test_documents_are_no_editions_without_a_statement(shipped: LocalGraph) -> None:
    (alone,) = shipped.search("interpreters", area="BEL").gaps

    assert alone.not_extracted == 4
    assert shipped.search("interpreters Belgium", area="BEL").gaps == (alone,)
    assert shipped.search("interpreter Belgium").gaps == (alone,), "of the named country alone"


def test_figure_on_exactly_the_year_stands_for_its_series(shipped: LocalGraph) -> None:
    hit = shipped.search("missing children Belgium 2020").hits[0]

    assert hit.name == "tip-2021-be/missing-children-2020"
    assert [each.command for each in hit.similar] == [
        "tipgraph show tip-2021-be/missing-children-2018-2020"
    ]
    assert hit.similar[0].label.startswith("2,642 children went missing")
    without_year = shipped.search("permits issued Belgium", kind="statement").hits[0]
    of_year = shipped.search("permits issued Belgium 2018", kind="statement").hits[0]
    assert without_year.name == "tip-2021-be/permits-2020"
    assert of_year.name == "tip-2021-be/permits-2018"
    assert of_year.name in {each.iri.partition("/id/")[2] for each in without_year.similar}


def test_few_hits_are_followed_by_those_with_most_of_the_words(shipped: LocalGraph) -> None:
    result = shipped.search("share of the 91 labor exploitation")
    full = [hit for hit in result.hits if not hit.without]
    partial = {hit.name: hit.without for hit in result.hits if hit.without}

    assert (len(full), len(partial)) == (result.total - result.partial, result.partial)
    assert result.matches_all
    assert result.hits[: len(full)] == tuple(full)
    assert partial["tip-2021-be/victims-2020-labor"] == ("share",)
    assert all(len(words) == 1 for words in partial.values())
    shelters = shipped.search("names of the specialised shelters Belgium").hits
    assert ("tip-2021-be/government-funds-specialised-shelters", ("names",)) in {
        (hit.name, hit.without) for hit in shelters
    }
    assert all("belgium" not in hit.without for hit in shelters)


@pytest.mark.parametrize("words", ["counsel*", "video testimony", "reflection period", "beds"])
def test_name_or_many_hits_are_not_followed_by_others(shipped: LocalGraph, words: str) -> None:
    result = shipped.search(words, limit=None)

    assert result.partial == 0
    assert not any(hit.without for hit in result.hits)


def test_question_words_need_not_match(everything: LocalGraph) -> None:
    result = everything.search("Who may use the NGO-run shelters?")

    assert "tip-2021-be/specialised-shelter" in names(result)[:4]
    assert not result.hits[0].without


def test_country_without_a_statement_on_the_words_is_reported(everything: LocalGraph) -> None:
    def gaps(words: str) -> dict[str, tuple[str, ...]]:
        found = everything.search(words).gaps
        assert len({each.iri for each in found}) == len(found), "each once"
        return {each.label: each.not_stated for each in found}

    belgium = ("TIP Report 2021, Belgium",)
    assert gaps("women victims Belgium 2020") == {"breakdown by sex (women)": belgium}
    assert gaps("beds Belgium 2020") == {"number of beds": belgium}
    assert gaps("interpreters in Belgium") == {"translation and interpretation": belgium}
    # The edition has other figures of the year on children, and figures by form of exploitation.
    assert gaps("children victims Belgium 2020") == {}
    assert gaps("forced begging victims Belgium 2020") == {}
    assert gaps("shelters Belgium 2020") == {}
    # The country has statements with the words, whatever has them as its whole name.
    assert everything.search("children identified in Bulgaria").hits
    assert gaps("children identified in Bulgaria") == gaps("compensation Italy") == {}
    # Other editions have figures by sex, or none in full.
    assert gaps("women victims Netherlands 2022") == {}
    # A breakdown is missed only of what is counted.
    assert gaps("temporary residence permits Sweden") == {"residence permit": ()}
    assert gaps("does Slovenia give residence permits to victims") == {"residence permit": ()}
    assert gaps("do victims get legal aid in Kenya") == {"legal assistance": ()}
    # A part breaks down figures, and there is none on training.
    assert gaps("training police Kenya") == {"training": ()}
    # No edition is on the year, or on the country.
    assert gaps("women victims Belgium 1999") == gaps("women victims Chad") == {}
    (hit, *_) = everything.search("women victims Belgium 2020").hits
    assert hit.without == ("women",)
    # The first statements on a country have none of the words.
    hits = everything.search("how many transgender in Kenya").hits
    assert {hit.without for hit in hits} == {("transgender",)}


def test_stored_query_that_is_named_beside_a_country_is_offered_for_it(shipped: LocalGraph) -> None:
    def commands(words: str) -> list[str]:
        return [each.command for each in shipped.search(words).queries]

    asked = "what did the government of Hungary not report"
    assert commands(asked) == ["tipgraph query not-reported --area HUN --edition all"]
    assert commands("trends in Malta and Hungary") == [
        "tipgraph query trends --area HUN --area MLT"
    ]
    assert commands("victims in Malta") == commands("trends") == []
    # Norms are what a victim can get, whatever the figures on victims.
    asked = "what can a victim in Hungary get"
    assert commands(asked) == ["tipgraph query entitlements --area HUN"]
    (line,) = remarks(shipped.search(asked))
    assert "(Hungary): not found in what was read; rows for Belgium alone: " in line
    # The newest edition stands for all editions of a country only if it was read in full.
    assert commands("funding in Belgium") == ["tipgraph query funding --area BEL"]
    assert commands("funding in Luxembourg") == ["tipgraph query funding --area LUX --edition all"]


def test_statements_answer_where_only_terms_have_the_words(everything: LocalGraph) -> None:
    first = everything.search("shelters in Greece").hits[0]

    assert (first.kind, first.without) == ("statement", ("shelters",))


def test_nationals_of_a_country_are_no_others(everything: LocalGraph) -> None:
    """They are a part, or not stated, and never all victims there without a remark."""
    found = everything.search("victims from Romania in Denmark")
    assert (found.lacking, found.unread) == (("romania",), ())
    for country in ("Poland", "the UK"):
        assert everything.search(f"Polish victims in {country}").lacking == ("polish",)


def test_label_of_a_part_by_nationality_says_so(everything: LocalGraph) -> None:
    (hit, *_) = everything.search("Austrian victims identified in Austria 2021", limit=1).hits

    assert (
        hit.label == "42 victims identified by the government, Austria 2021: Austria (nationality)"
    )


def test_year_without_a_figure_or_an_edition_is_reported(everything: LocalGraph) -> None:
    def lines(words: str) -> list[str]:
        return [
            each for each in remarks(everything.search(words)) if " year " in each or "20" in each
        ]

    assert lines("victims France 2021") == [
        "no figure with these words is on 2021 alone; the first is of another period"
    ]
    (estonia,) = lines("victims Estonia 2021")
    assert estonia == "no edition of the year is here; those on the country are of 2019"
    # A document of a year may have figures on others, and few words may be on the year.
    (romania,) = lines("victims Romania 2021")
    assert romania == "no figure with these words is on 2021 alone; the first is of another period"
    assert "children" in everything.search("children Germany 2021").hits[0].without
    assert lines("children Germany 2021") == []
    (germany,) = lines("TIP Report 2021 Germany")
    assert germany.endswith("those on the country are of 2022 and 2023")
    assert "no figure with these words is on 2020 alone; the first is of another period" in lines(
        "funding Portugal 2020"
    )
    # A figure on several years, far below, is none on the year of the first.
    assert lines("how many children were identified in Hungary in 2017") == [
        "no figure with these words is on 2017 alone; the first is of another period"
    ]
    # The edition of 2017 reports on 2016.
    assert lines("victims Kenya 2016") == lines("victims Kenya 2021") == []


def test_figures_on_several_countries_are_no_answer_on_all(shipped: LocalGraph) -> None:
    def is_reported(words: str) -> bool:
        return any("compare-countries" in line for line in remarks(shipped.search(words)))

    assert is_reported("how many victims were identified in 2020")
    assert not is_reported("victims identified in Malta 2020")
    assert not is_reported("residence permits issued in 2020")


def test_two_countries_have_their_hits_in_turn(shipped: LocalGraph) -> None:
    result = shipped.search("victims in Hungary and Malta")

    assert [hit.editions[0][-2:] for hit in result.hits[:4]] == ["mt", "hu", "mt", "hu"]
    assert "Hungary and Malta are searched for, each country in turn" in [*remarks(result)]


def test_what_a_speaker_states_comes_first(everything: LocalGraph) -> None:
    for words in ("what did GRETA state about Malta", "What has GRETA reported about Hungary?"):
        first = everything.search(words).hits[0]
        assert (first.kind, first.speakers, first.without) == ("statement", ("GRETA",), ())
    unspoken = [*remarks(everything.search("what did NGOs say about Malta"))]
    assert "no statement on Malta with these words is by that speaker" in unspoken


def test_filters_limit_the_hits(shipped: LocalGraph) -> None:
    def found(**filters: Any) -> SearchResult:
        return shipped.search("children", limit=None, **filters)

    def editions(result: SearchResult) -> set[str]:
        return {edition for hit in result.hits for edition in hit.editions}

    assert editions(found(edition="tip-2021-be")) == {"tip-2021-be"}
    assert editions(found(edition="2021", area="Belgium")) == {"tip-2021-be"}
    assert {each[-2:] for each in editions(found(area="HUN"))} == {"hu"}
    assert all("GRETA" in hit.speakers for hit in found(speaker="GRETA").hits)
    assert {hit.kind for hit in found(kind="indicator").hits} == {"indicator"}
    assert {hit.name for hit in found(topic="guardianship").hits} == {
        *("guardianship", "tip-2021-be/mentors-for-children")
    }
    nothing = found(edition="tip-2021-be", speaker="Myria", kind="actor")
    assert (nothing.hits, nothing.outside) == ((), shipped.search("children").total)


@pytest.mark.parametrize(
    ("filters", "problem"),
    [
        ({"edition": "tip-2021-bee"}, "unknown edition 'tip-2021-bee'; did you mean 'tip-2021-be'"),
        ({"area": "Belgum"}, "unknown area 'Belgum'; did you mean 'Belgium'"),
        ({"topic": "guardianshp"}, "topic: unknown name 'guardianshp'; did you mean 'guardian"),
        ({"speaker": "GRETTA"}, "speaker: unknown name 'GRETTA'; did you mean 'greta'"),
        ({"kind": "actr"}, "unknown kind 'actr'; did you mean 'actor'"),
    ],
)
def test_unknown_filter_suggests_the_nearest(shipped: LocalGraph, filters, problem):
    with pytest.raises(UsageError, match=problem):
        shipped.search("children", **filters)


def check(result: SearchResult, limit: int) -> None:
    """Check the properties of every result."""
    assert len(result.hits) == min(result.total, limit)
    assert len(set(names(result))) == len(result.hits)
    for hit in result.hits:
        for text, spans in ((hit.label, hit.label_spans), (hit.snippet, hit.snippet_spans)):
            ends = [0, *(offset for span in spans for offset in span)]
            assert ends == sorted(ends)
            assert ends[-1] <= len(text)
        assert hit.label_spans or hit.snippet_spans


any_text = st.text(st.characters(exclude_categories=()))
with_operators = st.lists(st.sampled_from(OPERATORS) | any_text).map(" ".join)


@given(any_text | with_operators | st.lists(st.sampled_from(OPERATORS)).map("".join))
def test_any_text_is_a_search(shipped: LocalGraph, text: str) -> None:
    check(shipped.search(text, limit=2), limit=2)


@pytest.mark.parametrize(
    "text", ["x" * 100_000, "shelter " * 12_000, '"' * 100_000, "-a" * 50_000, "a* " * 30_000]
)
def test_long_text_is_a_search(shipped: LocalGraph, text: str) -> None:
    check(shipped.search(text, limit=2), limit=2)


def test_labels_with_marks_keep_their_text(mini: Path, tmp_path: Path) -> None:
    file = tmp_path / "own.ttl"
    label = "Z\ufdd0oo \ue000 <b>zoo</b> \ufdd1zoo"
    file.write_text(
        f"<urn:x> a <http://www.w3.org/2004/02/skos/core#Concept> ;"
        f' <http://www.w3.org/2000/01/rdf-schema#label> "{label}"@en .',
        encoding="utf-8",
    )
    (hit,) = tipgraph.open(file).search("zoo").hits

    assert hit.label == label
    assert [label[first:last] for first, last in hit.label_spans] == ["zoo", "zoo"]


def test_name_without_a_word_is_no_error(mini: Path, tmp_path: Path) -> None:
    file = tmp_path / "own.ttl"
    file.write_text(
        "PREFIX skos: <http://www.w3.org/2004/02/skos/core#>\n"
        "<urn:x> a skos:Concept ; skos:prefLabel 'zoo'@en ; skos:altLabel '***'@en ."
    )

    assert [each.iri for each in tipgraph.open(file).search("zoo").hits] == ["urn:x"]


def test_long_word_takes_no_time(mini: Path, tmp_path: Path) -> None:
    file = tmp_path / "own.ttl"
    file.write_text(
        "PREFIX skos: <http://www.w3.org/2004/02/skos/core#>\n"
        f"<urn:x> a skos:Concept ; skos:prefLabel 'zoo'@en ; skos:altLabel '{'w' * 40_000}'@en ."
    )
    graph = tipgraph.open(file)
    begun = time.process_time()

    assert [each.iri for each in graph.search("zoo").hits] == ["urn:x"]
    assert time.process_time() - begun < 2


@pytest.fixture
def kept(mini: Path, cache: Path) -> Path:
    """The file of the index of the small graph, made by a search."""
    assert tipgraph.open().search("shelters").hits
    (file,) = cache.glob("files/*/search.sqlite")
    return file


def test_index_is_made_once(kept: Path) -> None:
    before = kept.stat()
    assert tipgraph.open().search("shelters").hits

    assert kept.stat().st_ino == before.st_ino
    assert kept.stat().st_mtime_ns == before.st_mtime_ns


@pytest.mark.parametrize("damage", ["empty", "cut", "changed"])
def test_damaged_index_is_made_again(kept: Path, damage: str) -> None:
    content = kept.read_bytes()
    found = tipgraph.open().search("shelters")
    middle = len(content) // 2
    changed = content[:middle] + bytes([content[middle] ^ 255]) + content[middle + 1 :]
    kept.write_bytes({"empty": b"", "cut": content[:middle], "changed": changed}[damage])

    assert tipgraph.open().search("shelters") == found
    assert kept.read_bytes() == content


def test_cache_that_cannot_be_written_is_no_error(mini, tmp_path, monkeypatch):
    (tmp_path / "file").touch()
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "file"))

    assert tipgraph.open().search("shelters").hits


def test_two_processes_make_the_index_at_once(mini: Path, cache: Path) -> None:
    script = "import tipgraph; print(tipgraph.open().search('shelters').total)"
    command = [sys.executable, "-c", script]
    processes = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True) for _ in range(2)]
    totals = [int(process.communicate()[0]) for process in processes]

    assert totals[0] == totals[1] > 0
    assert len([*cache.glob("files/*search.sqlite*")]) == 1
