"""The rule that derives the caveats of figures."""

from .kit import run, select, small

FIGURES = """
be:whole a tip:Observation ; rdfs:label "10 victims"@en ; tip:edition id:tip-2021-be ;
    sdmx-dimension:refPeriod period:2020 ; tip:indicator code:victims-identified .
be:part a tip:Observation ; rdfs:label "4 women"@en ; tip:edition id:tip-2021-be ;
    sdmx-dimension:refPeriod period:2020 ; tip:breakdownOf be:whole .
be:before a tip:Observation ; rdfs:label "8 assisted"@en ; tip:edition id:tip-2021-be ;
    sdmx-dimension:refPeriod period:2019 .
"""
CAVEATS = """
SELECT ?figure ?text ?source
WHERE {
  ?figure tip:caveat          ?caveat .
  ?caveat rdfs:label          ?text ;
          prov:wasDerivedFrom ?source .
}
"""


def caveats(turtle: str) -> set[tuple[str, ...]]:
    """Figure, text and source of each caveat that follows from the figures and some Turtle."""
    store = small(FIGURES + turtle)
    run(store)
    return select(store, CAVEATS)


def test_figure_without_statements_about_it_has_no_caveat() -> None:
    assert caveats("") == set()


def test_statement_about_a_figure_is_a_caveat_with_its_speaker() -> None:
    turtle = """
    be:doubt a tip:Caveat ; rdfs:label "Too many"@en ;
        tip:speaker be:experts ; tip:bearsOn be:whole .
    be:experts a tip:Public ; rdfs:label "experts"@en .
    """

    assert caveats(turtle) == {("whole", "Too many (says experts)", "doubt")}


def test_doubt_that_only_we_apply_to_a_figure_names_who_states_it_and_who_applies_it() -> None:
    turtle = """
    be:doubt a tip:Caveat ; rdfs:label "Too many"@en ; tip:speaker be:experts .
    be:applied a tip:Caveat ; rdfs:label "It applies to the 10"@en ; tip:speaker id:tipgraph ;
        tip:bearsOn be:whole ; prov:wasDerivedFrom be:doubt ; tip:evidence be:passage .
    be:passage tip:sentence be:S05 . be:S05 rdfs:label "S05" .
    be:experts a tip:Public ; rdfs:label "experts"@en .
    """

    assert caveats(turtle) == {
        ("whole", "Too many (says experts; applied to this figure by us)", "applied")
    }


def test_inference_is_a_caveat_of_ours_and_names_no_speaker() -> None:
    turtle = """
    tip:Finding a tip:Kind .
    be:finding a tip:Finding ; rdfs:label "Work was limited"@en ; tip:speaker be:experts .
    be:inferred a tip:Caveat ; rdfs:label "Too few"@en ; tip:speaker id:tipgraph ;
        tip:bearsOn be:whole ; prov:wasDerivedFrom be:finding ; tip:evidence be:one , be:two .
    be:one tip:sentence be:S04 . be:S04 rdfs:label "S04" .
    be:two a tip:PageReference ; rdfs:label "Protection: data"@en .
    id:tipgraph a tip:Curator ; rdfs:label "tipgraph (inference)"@en .
    """

    assert caveats(turtle) == {
        ("whole", "Too few (our inference from S04)", "inferred"),
        ("whole", "Too few (our inference from Protection: data)", "inferred"),
    }


def test_comparison_in_other_words_is_a_caveat_of_both_figures_and_of_parts() -> None:
    turtle = """
    be:comparison a tip:Comparison ; rdfs:label "10 against 8"@en ;
        tip:current be:whole ; tip:baseline be:before ; tip:wordedDifferently %s .
    """

    assert caveats(turtle % "false") == set()
    assert caveats(turtle % "true") == {
        ("whole", "10 against 8", "comparison"),
        ("before", "10 against 8", "comparison"),
        ("part", "10 against 8", "comparison"),
    }


def test_comparison_is_a_caveat_of_the_parts_of_both_figures() -> None:
    turtle = """
    be:comparison a tip:Comparison ; rdfs:label "8 against 10"@en ; tip:wordedDifferently true ;
        tip:current be:before ; tip:baseline be:whole .
    """

    assert ("part", "8 against 10", "comparison") in caveats(turtle)


def test_comparison_in_the_same_words_is_no_caveat() -> None:
    turtle = """
    be:comparison a tip:Comparison ; rdfs:label "10 against 8"@en ; tip:wordedDifferently false ;
        tip:current be:whole ; tip:baseline be:before ; tip:speaker be:experts .
    be:experts a tip:Public ; rdfs:label "experts"@en .
    """

    assert caveats(turtle) == set()


def test_part_of_a_part_has_the_comparisons_and_notes_of_both_wholes() -> None:
    turtle = """
    be:small a tip:Observation ; rdfs:label "1 girl"@en ; tip:edition id:tip-2021-be ;
        sdmx-dimension:refPeriod period:2020 ; tip:breakdownOf be:part .
    be:whole skos:scopeNote "An estimate."@en .
    be:part  skos:scopeNote "Parts overlap."@en .
    be:comparison a tip:Comparison ; rdfs:label "10 against 8"@en ;
        tip:current be:whole ; tip:baseline be:before ; tip:wordedDifferently true .
    """

    assert {each for each in caveats(turtle) if each[0] == "small"} == {
        ("small", "Of the whole: An estimate.", "whole"),
        ("small", "Of the whole: Parts overlap.", "part"),
        ("small", "10 against 8", "comparison"),
    }


def test_figure_of_a_longer_period_is_a_caveat() -> None:
    assert caveats("be:before tip:includedIn be:whole .") == {
        ("before", "Contained in: 10 victims", "whole")
    }


def test_note_is_a_caveat_of_the_figure_and_of_its_parts() -> None:
    assert caveats('be:whole skos:scopeNote "An estimate."@en .') == {
        ("whole", "An estimate.", "whole"),
        ("part", "Of the whole: An estimate.", "whole"),
    }


def test_note_that_a_part_shares_with_its_whole_is_given_once() -> None:
    turtle = """
    be:whole skos:scopeNote "An estimate."@en .
    be:part  skos:scopeNote "An estimate."@en .
    """

    assert caveats(turtle) == {
        ("whole", "An estimate.", "whole"),
        ("part", "An estimate.", "part"),
    }


LINK = """
id:tip-2018-be a tip:Edition ; dcterms:spatial country:BEL .
id:tip-2019-be a tip:Edition ; dcterms:spatial country:BEL .
id:tip-2019-nl a tip:Edition ; dcterms:spatial country:NLD .
be:link a tip:WordingLink ; rdfs:label "Belgium: exploitation, where 2018 had trafficking"@en ;
    tip:earlier code:labor-trafficking ; tip:later code:labor-exploitation ;
    dcterms:spatial country:BEL .
be:old a tip:Observation ; tip:edition id:tip-2018-be ; tip:part code:labor-trafficking ;
    sdmx-dimension:refArea country:BEL ; sdmx-dimension:refPeriod period:2017 .
be:new a tip:Observation ; tip:edition id:tip-2019-be ; tip:part code:labor-exploitation ;
    sdmx-dimension:refArea country:BEL ; sdmx-dimension:refPeriod period:2017 .
be:abroad a tip:Observation ; tip:edition id:tip-2019-nl ; tip:part code:labor-trafficking ;
    sdmx-dimension:refArea country:NLD ; sdmx-dimension:refPeriod period:2017 .
"""
REWORDED = "Belgium: exploitation, where 2018 had trafficking"


def test_change_of_wording_is_a_caveat_of_the_figures_on_both_sides() -> None:
    assert caveats(LINK) == {
        (figure, REWORDED, source) for figure in ("old", "new") for source in (figure, "link")
    }


def test_change_of_wording_is_no_caveat_in_an_edition_with_both_wordings() -> None:
    both = """
    be:both a tip:Observation ; tip:edition id:tip-2019-be ; tip:part code:labor-trafficking ;
        sdmx-dimension:refArea country:BEL ; sdmx-dimension:refPeriod period:2018 .
    """

    assert {figure for figure, *_ in caveats(LINK + both)} == {"old"}


def test_inferred_period_is_a_caveat() -> None:
    edition = 'id:tip-2021-be rdfs:label "TIP Report 2021"@en . be:before tip:periodInferred %s .'
    inferred = "the period is inferred (not stated in TIP Report 2021)"

    assert caveats(edition % "false") == set()
    assert caveats(edition % "true") == {("before", inferred, "before")}


def test_year_that_is_not_stated_is_a_caveat_of_figures_alone() -> None:
    turtle = """
    id:tip-2021-be rdfs:label "TIP Report 2021"@en .
    be:some-year a tip:UnstatedPeriod ; tip:edition id:tip-2021-be .
    be:undated a tip:Observation ; tip:edition id:tip-2021-be ; tip:speaker be:experts ;
        sdmx-dimension:refPeriod be:some-year .
    be:slice a tip:BreakdownSlice ; tip:edition id:tip-2021-be ;
        sdmx-dimension:refPeriod be:some-year .
    """

    assert caveats(turtle) == {("undated", "the year is not stated (TIP Report 2021)", "undated")}


def test_note_on_the_amount_paid_is_a_caveat_and_on_its_conversion_none() -> None:
    turtle = """
    be:before tip:amount be:euro , be:dollar .
    be:euro   tip:converted false ; skos:scopeNote "who paid is implied"@en .
    be:dollar tip:converted true ; skos:scopeNote "At the edition's rate."@en .
    """

    assert caveats(turtle) == {("before", "who paid is implied", "before")}
    assert caveats(turtle.replace("false", "true")) == set()


def test_note_of_a_part_does_not_replace_the_note_of_its_whole() -> None:
    turtle = """
    be:whole skos:scopeNote "An estimate."@en .
    be:part  skos:scopeNote "Girls included."@en .
    """

    assert caveats(turtle) == {
        ("whole", "An estimate.", "whole"),
        ("part", "Girls included.", "part"),
        ("part", "Of the whole: An estimate.", "whole"),
    }


def test_note_on_anything_else_is_no_caveat() -> None:
    turtle = 'be:power a tip:Power ; tip:edition id:tip-2021-be ; skos:scopeNote "Unclear."@en .'

    assert caveats(turtle) == set()


def test_text_that_two_statements_share_is_one_caveat_with_two_sources() -> None:
    turtle = """
    be:one a tip:Caveat ; rdfs:label "Too many"@en ; tip:speaker be:experts ; tip:bearsOn be:whole .
    be:two a tip:Caveat ; rdfs:label "Too many"@en ; tip:speaker be:experts ; tip:bearsOn be:whole .
    be:experts a tip:Public ; rdfs:label "experts"@en .
    """
    store = small(FIGURES + turtle)
    run(store)

    assert {source for *_, source in select(store, CAVEATS)} == {"one", "two"}
    assert len(select(store, "SELECT ?caveat { ?caveat a tip:FigureCaveat }")) == 1


def test_each_text_about_a_figure_is_a_caveat_in_english_with_rule_and_edition() -> None:
    store = small(
        FIGURES
        + """
    be:one a tip:Caveat ; rdfs:label "Too many"@en ; tip:speaker be:experts ; tip:bearsOn be:whole .
    be:two a tip:Caveat ; rdfs:label "Too few"@en ; tip:speaker be:experts ; tip:bearsOn be:whole .
    be:experts a tip:Public ; rdfs:label "experts"@en .
    """
    )
    run(store)

    described = """
    SELECT ?caveat ?text ?edition ?rule
    WHERE {
      be:whole tip:caveat ?caveat .
      ?caveat a tip:FigureCaveat ; rdfs:label ?text ; tip:edition ?edition ; tip:byRule ?rule .
      FILTER (LANG(?text) = "en")
    }
    """
    found = select(store, described)
    assert len({caveat for caveat, *_ in found}) == 2
    assert {tuple(rest) for _, *rest in found} == {
        ("Too many (says experts)", "tip-2021-be", "rule/caveats"),
        ("Too few (says experts)", "tip-2021-be", "rule/caveats"),
    }
