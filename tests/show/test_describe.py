"""`show` describes an entity of the shipped graph."""

from collections.abc import Iterable

import pytest

from tipgraph.entities.absence import Absence
from tipgraph.errors import UsageError
from tipgraph.graph import LocalGraph
from tipgraph.namespaces import ID
from tipgraph.render.document import markdown
from tipgraph.show import describe, describe_all
from tipgraph.show.description import Description, as_text, document
from tipgraph.show.related import ways

BELGIUM = "tip-2021-be"
SHELTERS = "three specialised NGO-run shelters (Belgium)"


def roles(description: Description) -> set[tuple[str, str]]:
    """The first sentence of each statement that mentions the entity, with each role."""
    return {
        (mention.passages[0].place, role)
        for mention in description.mentions
        for role in mention.roles
    }


def reasons(description: Description) -> dict[str, tuple[str, ...]]:
    return {other.label: other.reasons for other in description.see_also}


def in_full(absences: Iterable[Absence]) -> Absence:
    return next(absence for absence in absences if absence.read_in_full)


def test_mentions_of_actors_are_those_of_the_stored_query(shipped: LocalGraph) -> None:
    queried: dict[str, set[str]] = {}
    for row in shipped.engine.select(shipped.queries["mentions"].text):
        queried.setdefault(str(row["actor"]), set()).add(str(row["statement"]))
    parties = shipped.rows("SELECT DISTINCT ?x { ?x a tip:Party }").column("x")

    # The query is on editions; a description has the statements of documents too.
    of_documents = {*map(str, shipped.rows("SELECT ?x { ?x tip:document ?any }").column("x"))}

    for party, found in ways(shipped.engine, map(str, parties)).items():
        mentioned = {*found} - of_documents
        assert mentioned == queried.get(party, set()), party


def test_list_of_statements_is_cut_to_the_first_and_says_so(shipped: LocalGraph) -> None:
    complete, cut = shipped.show("GRETA"), shipped.show("GRETA", most=3)

    assert len(cut.mentions) == 3 < len(complete.mentions)
    assert cut.occurrences == complete.occurrences
    assert f"Mentioned in {len(complete.mentions)} statements" in as_text(cut)
    assert "The first 3 are listed." in as_text(cut)
    assert "are listed" not in as_text(complete)


def test_places_count_each_statement_of_editions_and_of_documents(shipped: LocalGraph) -> None:
    greta = shipped.show("GRETA")
    (section,) = (each for each in document(greta).filled if each.title == "Where it occurs")
    (table,) = section.tables
    numbers = (cell.number or 0 for row in table.rows for cell in row[1:])

    assert sum(numbers) == len(greta.mentions)
    assert table.columns[-1] == "documents"


@pytest.fixture(scope="module")
def things(shipped: LocalGraph) -> list[str]:
    """A thing of each kind."""
    rows = shipped.rows(
        "SELECT DISTINCT ?kind (SAMPLE(?x) AS ?one) { ?x a ?kind FILTER(isIRI(?x)) } GROUP BY ?kind"
    )
    return sorted({str(each) for each in rows.column("one")})


@pytest.mark.slow(reason="describes, writes or asks everything")
def test_things_described_together_are_described_as_alone(shipped: LocalGraph, things):
    together = describe_all(shipped.engine, things)

    assert len(things) > 50
    assert list(together) == things
    for thing in things:
        assert together[thing] == describe(shipped.engine, thing)


@pytest.mark.parametrize(
    ("actor", "place", "role"),
    [
        # a project of its country, and the statements on the project
        ("netherlands", "S40", "is project of"),
        ("netherlands", "S40", "relates object → is project of"),
        # the audience of a publication that a cooperation had as its output
        ("the-public", "S39", "has output → has target"),
        ("project-social-workers", "S40", "relates object → has target"),
        # a service of the shelters that it runs
        ("belgium-ngos", "S16", "has agent ← runs"),
        # a body that is part of it
        ("belgium-government", "S20", "is about → is part of"),
        # the agent of a change that a finding is about, and the payer of amounts compared
        ("belgium-government", "S15", "is about → has agent"),
        ("belgium-government", "S14", "compares current → has funder"),
        # a condition that it decides on
        ("belgium-public-prosecutors", "S26", "holds requirement → is to be performed by"),
    ],
)
def test_actor_is_mentioned_two_steps_away(shipped: LocalGraph, actor, place, role):
    assert (place, role) in roles(shipped.show(actor))


@pytest.mark.parametrize(
    ("actor", "place"),
    [
        ("netherlands", "S30"),  # permits of a government that works with it
        ("belgium-specialised-shelters", "S30"),  # … or that funds them
        ("belgium-regional-governments", "S15"),  # a statement that only contrasts with theirs
        ("us-department-of-state", "S30"),  # the reporter and speaker of each
    ],
)
def test_actor_is_not_mentioned_over_its_partners_and_contrasts(shipped: LocalGraph, actor, place):
    two_steps = {where for where, role in roles(shipped.show(actor)) if "→" in role or "←" in role}

    assert place not in two_steps


def test_actor_and_country_have_the_relations_that_are_stated(shipped: LocalGraph) -> None:
    def lines(name: str) -> list[str]:
        return [
            f"{each.subject} {each.relation} {each.object}" for each in shipped.show(name).relations
        ]

    assert f"Myria oversees {SHELTERS}" in lines("Myria")
    assert "Government of Hungary identifies victim" in lines("HUN")
    assert "US Department of State criticises courts (Malta)" in lines("malta-courts")
    assert not lines("S01")


@pytest.mark.parametrize(
    ("name", "other", "reason"),
    [
        ("luxembourg", "Government of Luxembourg", "its government"),
        ("luxembourg-government", "Luxembourg (the state)", "its state"),
        ("netherlands", "Netherlands", "its country"),
        ("NLD", "Netherlands (the state)", "same name"),
        ("HUN", "Government of Hungary", "its government"),
        ("myria", "national rapporteur (Belgium)", "named as its role: national rapporteur"),
        ("belgium-national-rapporteur", "Myria", "holds the role: national rapporteur"),
        ("tip-2021-be/social-workers", "social workers (Belgium, TIP Report 2020)", "same name"),
        ("tip-2017-be/observers", "observers (unnamed)", "same name"),
        ("child-safety-services", "Government of Belgium", "what it is part of"),
        ("belgium-government", "child safety services of the government", "part of it"),
        ("shelter", "accommodation of children", "narrower"),
        ("victims-identified", "victims registered", "earlier wording"),
    ],
)
def test_entity_refers_to_related_ones(shipped: LocalGraph, name, other, reason):
    assert reason in reasons(shipped.show(name))[other]


def test_country_without_an_edition_is_reported(shipped: LocalGraph) -> None:
    assert "No edition or document on Latvia is here." in as_text(shipped.show("Latvia"))
    assert "No edition" not in as_text(shipped.show("Hungary", most=1))


def test_body_is_found_without_its_country(shipped: LocalGraph) -> None:
    assert shipped.show("Agenzjja Appogg").label == "Agenzjja Appogg (Malta)"
    # A state and the code of a part are called as a country, and have short names of their own.
    assert shipped.show("Hungary").kinds == shipped.show("Malta").kinds == ("country",)
    assert shipped.show("hungary").kinds == ("state",)


def test_bodies_of_one_name_in_two_countries_do_not_refer_to_each_other(shipped: LocalGraph):
    # a part of figures, which is of no country
    assert reasons(shipped.show("police (Luxembourg)")) == {"police": ("same name",)}


def test_edition_and_topic_limit_the_statements(shipped: LocalGraph) -> None:
    shown = shipped.show("belgium-government", edition=BELGIUM, topic="restitution")

    assert {mention.passages[0].place for mention in shown.mentions} == {"S33"}
    assert "Mentioned in 2 statements (TIP Report 2021, Belgium; restitution)" in as_text(shown)


def test_area_selects_its_newest_edition(shipped: LocalGraph) -> None:
    by_area = shipped.show("belgium-government", edition="Belgium", topic="restitution")

    assert by_area == shipped.show("belgium-government", edition=BELGIUM, topic="restitution")


def test_topic_includes_narrower_ones(shipped: LocalGraph) -> None:
    shown = shipped.show(
        "belgium-specialised-shelters", edition=BELGIUM, topic="assistance-services"
    )

    assert "S16" in {mention.passages[0].place for mention in shown.mentions}


def test_no_statement_within_the_limits_is_reported(shipped: LocalGraph) -> None:
    shown = shipped.show("greta", topic="restitution")

    assert "Mentioned in no statement (restitution)" in as_text(shown)
    assert "\nMentioned in no statement (restitution)" in markdown(document(shown))


@pytest.mark.parametrize(
    ("limits", "message"),
    [
        (
            {"edition": "tip-2021-bx"},
            "'tip-2021-bx'; did you mean 'tip-2021-be'",
        ),
        ({"topic": "restitutio"}, "topic: unknown name 'restitutio'; did you mean 'restitution'"),
    ],
)
def test_unknown_limit_suggests_nearest(shipped: LocalGraph, limits, message):
    with pytest.raises(UsageError) as error:
        shipped.show("greta", **limits)

    assert message in str(error.value)
    assert "\n" not in str(error.value)


@pytest.mark.parametrize(
    ("topic", "place", "reason"),
    [
        ("beds", "S20", "names it: number of beds"),
        ("hotline", "S39", "related: information for victims"),
        ("permits-for-children", "S29", "related: residence permit"),
        ("victims-registered", "S02", "topic: victim identification"),
        (
            "potential-victims-identified",
            "S02",
            "of a joined stage: victims identified and assisted",
        ),
    ],
)
def test_topic_that_is_not_stated_names_the_nearest_statements(
    shipped: LocalGraph, topic: str, place: str, reason: str
) -> None:
    absence = in_full(shipped.show(topic).absences)

    assert (absence.verdict, absence.place) == (
        "not stated",
        "TIP Report 2021, Belgium (Protection)",
    )
    near = [each for each in absence.nearest if each.passages[0].place == place]
    assert any(why.startswith(reason) for each in near for why in each.reasons)


@pytest.mark.parametrize(
    ("words", "label"),
    [
        ("interpreter", "translation and interpretation"),
        ("capacity", "number of beds"),
        ("counselling", "counselling accepted"),
    ],
)
def test_everyday_word_finds_the_code(shipped: LocalGraph, words: str, label: str) -> None:
    assert shipped.show(words).label == label


def test_topic_is_only_not_extracted_from_an_edition_read_in_part(shipped: LocalGraph) -> None:
    shown = shipped.show("hotline", edition="tip-2020-be")

    assert [(each.verdict, each.nearest) for each in shown.absences] == [("not extracted", ())]
    text = as_text(shown)
    assert "Not extracted from editions that were read in part: tip-2020-be" in text
    assert "ot stated" not in text


def test_topic_that_is_stated_is_not_absent(shipped: LocalGraph) -> None:
    assert shipped.show("restitution", edition=BELGIUM).absences == ()


def test_notion_is_mentioned_by_the_figures_of_its_wordings(shipped: LocalGraph) -> None:
    [one] = describe_all(shipped.engine, [f"{ID}notion/victims-identified"]).values()
    labels = {each.label for each in one.mentions}

    assert any("Hungary" in label for label in labels)
    assert any("Malta" in label for label in labels)


def test_statement_on_a_narrower_topic_is_on_the_topic(shipped: LocalGraph) -> None:
    for topic in ("victim-identification", "assistance-services", "compensation"):
        assert shipped.show(topic, edition=BELGIUM).absences == ()


@pytest.mark.parametrize("name", ["S2", "s2", "S002", "tip-2021-be/S2"])
def test_sentence_is_found_without_its_zeros(shipped: LocalGraph, name: str) -> None:
    assert shipped.resolve(name) == "https://w3id.org/tipgraph/id/tip-2021-be/S02"


def test_sentence_leads_to_its_place_in_the_source(shipped: LocalGraph) -> None:
    lines = as_text(shipped.show("S20")).splitlines()

    assert " ".join(lines[1:3]) == (
        "The text of the sentence is not stored. Read it in TIP Report 2021, Belgium, sentence 7 of"
        " paragraph 2:"
    )
    assert lines[3].startswith("https://www.state.gov/reports/2021-trafficking-in-persons-")
    assert "#:~:text=" in lines[3]


def test_digest_and_offsets_of_a_sentence_are_shown_on_request(shipped: LocalGraph) -> None:
    shown = shipped.show("S02")

    for text in (as_text(shown), markdown(document(shown))):
        assert "SHA-256" not in text
        assert "493" not in text
    for text in (as_text(shown, technical=True), markdown(document(shown, technical=True))):
        assert "SHA-256" in text
        assert "493" in text
    assert "has SHA-256" in [each["name"] for each in shown.as_dict()["properties"]]


def test_json_has_the_absences_with_their_links(shipped: LocalGraph) -> None:
    absence = shipped.show("beds", edition=BELGIUM).as_dict()["absences"][0]

    assert absence["verdict"] == "not stated"
    assert absence["nearest"][0]["passages"][0]["link"].startswith("https://www.state.gov/")


def test_figure_says_first_what_it_counts_then_each_caveat_once(shipped: LocalGraph) -> None:
    found = document(shipped.show("tip-2021-be/referrals-2020"))
    first, *others = found.filled
    facts = {each.lead: each.line for each in first.items}

    assert found.head == ()
    assert facts | {"quote": ""} == facts
    assert (facts["value"], facts["counts"]) == ("820 referrals", "referrals to shelters")
    assert (facts["stated by"], facts["country"]) == ("US Department of State", "Belgium")
    assert first.items[-1].passages[0].quoted == "“820 referrals of victims and potential victims”"
    assert (
        "Referrals, not persons; and potential victims are among those referred." in first.caveats
    )
    assert markdown(found).count("Referrals, not persons") == 1
    assert (others[-1].title, others[-1].folded) == ("Properties", True)


def test_comparison_has_the_caveats_of_both_figures(shipped: LocalGraph) -> None:
    asked = "SELECT ?it ?text { ?it a tip:Comparison ; tip:caveatText ?text } ORDER BY ?it LIMIT 5"
    rows = shipped.engine.select(asked)
    assert len(rows) == 5
    for row in rows:
        first, *_ = document(shipped.show(str(row["it"]))).filled
        assert " | ".join(first.caveats) == str(row["text"])


def test_amount_is_a_quantity_with_its_conversion(shipped: LocalGraph) -> None:
    shown = shipped.show("tip-2021-be/allocation-2020")

    assert shown.quantities == (
        "approximately 419,000 EUR",
        "approximately 514,110 USD (converted by the source)",
    )


def test_figure_has_its_whole_its_parts_and_those_of_other_editions(shipped: LocalGraph) -> None:
    whole, part = (shipped.show(f"tip-2021-be/victims-2020{each}") for each in ("", "-labor"))

    assert part.iri in {each.iri for each in whole.kin if each.relation == "part"}
    assert [each.iri for each in part.kin if each.relation == "whole"] == [whole.iri]
    assert part.label not in {each.name for each in document(whole).filled[-2].items}
    hungary = shipped.show("tip-2019-hu/victims-identified-2017-by-hungary-government")
    others = [each for each in hungary.kin if each.relation == "other edition"]
    assert others
    assert all(each.edition != "TIP Report 2019, Hungary" for each in others)


def test_topic_has_a_table_of_countries_and_years(shipped: LocalGraph) -> None:
    found = document(shipped.show("shelter"))
    (table,) = found.filled[0].tables
    belgium = next(row for row in table.rows if row[0].text == "Belgium")

    assert found.head == ("A safe place to stay.",)
    assert belgium[table.columns.index("2021")].iri == f"{ID}tip-2021-be"
    assert "is top concept of" not in as_text(shipped.show("shelter"))


def test_edition_has_its_statements_by_topic_with_counter_speaker_and_quote(shipped: LocalGraph):
    queried = set(shipped.rows("statements", edition=BELGIUM).column("statement"))
    found = document(shipped.show(BELGIUM))
    items = [item for section in found.filled for item in section.items if item.iri in queried]

    assert {each.iri for each in items} == queried
    assert len(items) == len(queried)
    assert all("stated by " in each.line and each.passages for each in items)
    (identified,) = (each for each in items if each.iri == f"{ID}tip-2021-be/victims-2020")
    assert identified.line == (
        "91 victims formally identified and assisted by the government in 2020; stated by US"
        " Department of State."
    ), "the label names who counted"
    (permits,) = (each for each in items if each.iri == f"{ID}tip-2021-be/permits-2020")
    assert permits.line.endswith("; by Government of Belgium; stated by US Department of State.")
    assert "Data on identified labor trafficking victims" in " ".join(identified.caveats)
    assert found.filled[0].title == "Victim identification"
    assert found.head[0].endswith("its section Protection, read in full.")
    assert found.page.startswith("https://www.state.gov/")


def test_edition_without_a_text_has_its_newest_period_first(shipped: LocalGraph) -> None:
    found = document(shipped.show("tip-2022-hu"))
    lines = [item.line for item in found.filled[0].items]

    totals = [each[:3] for each in lines if each[3:].startswith(" victims identified by the gov")]
    assert totals[:2] == ["171", "188"]


def test_remark_states_its_tone_beside_its_speaker(shipped: LocalGraph) -> None:
    (facts, *_) = document(shipped.show("tip-2023-mt/referral-mechanism-by-greta")).filled

    assert {each.lead: each.line for each in facts.items}["tone"] == "criticism"


def test_document_has_its_statements_by_topic_too(shipped: LocalGraph) -> None:
    name = "greta-2022-be"
    found = document(shipped.show(name))
    rows = shipped.engine.select(f"SELECT ?it {{ ?it tip:document id:{name} ; tip:topic ?any }}")
    items = [item for section in found.filled for item in section.items]

    assert found.head == ("A document on Belgium, by GRETA, read in part.",)
    assert {each.iri for each in items} >= {*map(str, rows.column("it"))} != set()
    assert found.filled[0].title == "Assistance services"
    assert found.filled[0].items[0].line == (
        "120 victims were supported by the specialised reception centres in 2017 (Belgium);"
        " counted and stated by Myria."
    )


def test_percentage_is_counted_and_not_done(shipped: LocalGraph) -> None:
    found = document(shipped.show("eurostat-2023-be"))

    assert found.filled[0].items[0].line.endswith("; counted and stated by Eurostat.")
