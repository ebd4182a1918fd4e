"""The first section of a report: the key figures in sentences, a chart, and their caveats."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import islice, zip_longest

from tipgraph import entities
from tipgraph.entities import Labels, passages
from tipgraph.namespaces import CODE, ID, OURSELVES, PERSONS, TIP, TOTAL, last_part
from tipgraph.rdf.sparql import terms
from tipgraph.rdf.terms import Value, finite
from tipgraph.render.document import Item, Section, separate
from tipgraph.render.results import names
from tipgraph.report.figures import NO_FIGURES, chart_of, within
from tipgraph.report.subject import OF_OTHERS, Subject
from tipgraph.show.statements import attribution
from tipgraph.text import capitalise, join, unit_of, with_commas

# The stages that a reader looks for first; the first ones all count victims that were found.
FOUND = ("identified", "confirmed", "registered")
STAGES = ("assisted", "referred", "granted", "sheltered", "funded", "other")
MONEY = 1 + STAGES.index("funded")
MOST_FIGURES = 6
MOST_CAVEATS = 5
PERIOD = ID + "period/"
# The beginning of a caveat of the whole that a part has too.
WHOLE = "Of the whole: "
# The words of caveats that the sentence states itself.
IN_SENTENCE = ("the period is inferred", "the year is not stated", "our sum, which")
# The sources of caveats that change how a figure may be read, before those that add to it.
CAVEATS = (TIP + "Comparison", TIP + "WordingLink", TIP + "Caveat")
# The parts that are all children; others are some of them.
ALL_CHILDREN = (CODE + "children", CODE + "minors")
CHILDREN = "Children"
NO_CHILDREN = "The edition states no number of children among the victims. That is not zero."
NOT_EXTRACTED = "No number of children was found in what was read. That is not zero."
SOME_CHILDREN = "a number of all children was not found"
MORE_CAVEATS = (
    "The notes are those that change most how these figures may be read. All others stand with"
    " the figures below."
)
Row = dict[str, Value]
# The place of a series among others; its first row is the newest.
Order = Callable[[list[Row]], tuple[object, ...]]
# A fact that qualifies a figure, and the caveats of that fact.
Detail = tuple[str, list[str]]


def summary(
    subject: Subject, is_of_edition: bool, pictures: str | None, beside: Sequence[str] = ()
) -> Section:
    """The newest total of each of the most important indicators, and how one of them developed."""
    order = _reading_order(subject, series := _series(subject))
    chosen = sorted(_chosen(series, order), key=order)
    every = [*_items(subject, chosen), *_children_apart(subject, chosen, is_of_edition)]
    items = _with_main_caveats(subject, every)
    is_cut = any(
        text not in one.caveats
        for one, all_of in zip(items, every, strict=True)
        for text in _unstated(all_of.caveats)
    )
    about = [NO_FIGURES] if not chosen else [MORE_CAVEATS] if is_cut else []
    paragraphs = (*about, *_newer(subject, chosen), *_others(subject))
    section = Section("Key figures", items, paragraphs, has_headline=True)
    indicators = [str(group[0]["indicator"]) for group in chosen]
    drawn = chart_of(subject, is_of_edition, indicators, pictures, beside, section.caveats)
    return replace(section, pictures=drawn)


def _newer(subject: Subject, chosen: Sequence[list[Row]]) -> Iterator[str]:
    """Yield what else was counted in a later year than victims of the headline were."""
    found = [group[0] for group in chosen if _stage(group[0]) == 0 and _is_stated(group[0])]
    newest = max((str(row["period"]) for row in found), default="")
    if found and found[0] is chosen[0][0] and str(found[0]["period"]) < newest:
        counted = [str(row["indicator"]) for row in found if row["period"] == newest]
        first = str(found[0]["period"])
        known = entities.labels(subject.engine, [newest, first, *counted])
        others = join(dict.fromkeys(known[each] for each in counted))
        yield (
            f"The first figure is of {known[first]}. For {known[newest]}, what was read counts only"
            f" {others}."
        )


def _others(subject: Subject) -> Iterator[str]:
    """The publisher of the key figures, where others have figures too."""
    rows = subject.figures_of_others()
    names = list(dict.fromkeys(subject.names(rows)[str(each)] for each in rows.column("publisher")))
    if names:
        yield (
            f"The key figures are of {subject.edition.publisher_label}. {join(names)}"
            f" {'have' if names[1:] else 'has'} figures too: see “{OF_OTHERS}”."
        )


def _series(subject: Subject) -> dict[tuple[str, str], list[Row]]:
    """The totals of each indicator and counter, the newest period first."""
    rows = subject.rows("figures")
    series: dict[tuple[str, str], list[Row]] = {}
    for row in sorted(rows, key=lambda row: (_is_stated(row), str(row["period"])), reverse=True):
        # An amount for each unit has no axis. What the source converted is not what was paid.
        if (row["part"] == TOTAL or row["axis"] is None) and not row["converted"]:
            # Figures that two actors counted are not one series.
            series.setdefault((str(row["indicator"]), str(row["counted_by"])), []).append(row)
    return series


def _chosen(series: Mapping[tuple[str, str], list[Row]], order: Order) -> list[list[Row]]:
    """The series to show: one indicator of each stage, the largest, then further ones.

    Money and years that are not stated come last.
    """
    seen: Counter[int] = Counter()
    nth: dict[str, int] = {}
    for group in sorted(series.values(), key=order):
        indicator, stage = str(group[0]["indicator"]), _stage(group[0])
        if indicator not in nth:
            nth[indicator] = seen[stage]
            seen[stage] += 1

    def rank(group: list[Row]) -> tuple[object, ...]:
        row = group[0]
        is_further = nth[str(row["indicator"])] > 0 or _stage(row) >= MONEY
        return not _is_stated(row), is_further, order(group)

    return sorted(series.values(), key=rank)[:MOST_FIGURES]


def _reading_order(subject: Subject, series: Mapping[tuple[str, str], list[Row]]) -> Order:
    """Return the key that sorts series as a reader looks for them; the first one is the headline.

    Among victims that were found, those of a wording with a notion come before potential ones, and
    before those of one place or operation. Of a stage, the count of an organisation follows others,
    and the larger number comes first.
    """
    figures = terms(str(group[0]["statement"]) for group in series.values())
    found = subject.engine.select(
        f"SELECT DISTINCT ?figure ?precedence ?population {{ VALUES ?figure {{ {figures} }}"
        " ?figure tip:precedence ?precedence ; tip:indicator ?indicator OPTIONAL {"
        " ?indicator tip:population ?population ; tip:standsFor ?notion"
        " FILTER(?population = code:victims && ?notion != ?indicator) } }"
    )
    plain = {str(row["figure"]) for row in found if row["population"]}
    # The precedence of a figure has its stage too.
    aside = {str(row["figure"]): int(finite(row["precedence"]) or 0) % 2 for row in found}

    def order(group: list[Row]) -> tuple[object, ...]:
        row, figure, stage = group[0], str(group[0]["statement"]), _stage(group[0])
        return (
            not _is_stated(row),
            stage,
            stage == 0 and figure not in plain,
            aside.get(figure, 0),
            -(finite(row["value"]) or 0),
            str(row["indicator"]),
        )

    return order


def _stage(row: Row) -> int:
    stage = last_part(str(row["stage"] or ""))
    if any(word in stage for word in FOUND):
        return 0
    places = (place for place, word in enumerate(STAGES, start=1) if word in stage)
    return next(places, len(STAGES) + 1)


def _items(subject: Subject, chosen: Iterable[list[Row]]) -> Iterator[Item]:
    rows = subject.rows("figures")
    unstated = f" ({subject.edition.label})"
    known = Labels({iri: name.removesuffix(unstated) for iri, name in subject.names(rows).items()})
    revisions = _revisions(subject)
    for row, *others in chosen:
        children = [_child(each, row, known) for each in _children(subject, row)]
        quoted = _quoted(subject, [row, *others])
        earlier = [_other(each, row, known, quoted) for each in others]
        revised = revisions.get(str(row["statement"]), [])
        other_periods = "; ".join(text for text, _ in earlier)
        yield replace(
            _item(subject, row),
            details=(
                *(text for text, _ in children),
                *([f"other periods: {other_periods}"] if earlier else []),
                *(text for text, _ in revised),
            ),
            caveats=(
                *_caveats(row),
                *(text for _, each in (*children, *earlier, *revised) for text in each),
            ),
        )


def _item(subject: Subject, row: Row) -> Item:
    """A figure as a sentence: what was counted, by whom, when, and who says so."""
    statement = str(row["statement"])
    columns = ("area", "period", "unit", "counted_by", "speaker")
    iris = [str(row[name]) for name in columns if row[name]]
    known = entities.labels(subject.engine, [statement, *iris])
    area, period = known[str(row["area"])], known[str(row["period"])]
    # The briefing is on the country.
    label = capitalise(known[statement].replace(f", {area} {period}", f" in {period}"))
    label = label.replace(f", {area}, ", ", ")
    unit, counter, speaker = (str(row[e] or "") for e in ("unit", "counted_by", "speaker"))
    known = Labels({iri: name.removesuffix(f" ({area})") for iri, name in known.items()})
    who = attribution(label, unit, counter, [speaker], known)
    cited = tuple(_quoted(subject, [row]).values())
    return Item(
        f"{label}; {who}.",
        passages=cited,
        iri=statement,
        name=label,
        caveats=tuple(_caveats(row)),
    )


def _quoted(subject: Subject, rows: Iterable[Row]) -> Mapping[str, passages.Passage]:
    return passages.passages(subject.engine, (str(row["place"]) for row in rows))


def _children(subject: Subject, whole: Row) -> list[Row]:
    """The children among those whom a figure counts: as one number, else in parts such as girls."""
    same = ("indicator", "period", "counted_by")
    found = [
        row
        for row in subject.rows("figures", part="children")
        if all(row[name] == whole[name] for name in same)
    ]
    return [*filter(_is_of_all_children, found)] or found


def _is_of_all_children(row: Row) -> bool:
    return str(row["part"]) in ALL_CHILDREN


def _children_apart(
    subject: Subject, chosen: Iterable[list[Row]], is_of_edition: bool
) -> Iterator[Item]:
    """The newest number of children, where none of the chosen figures has one.

    One of all children comes before one of some of them, and a stated year before none.
    """
    children = (row for group in chosen for row in _children(subject, group[0]))
    if subject.topic or any(map(_is_of_all_children, children)):
        return
    rows = [
        row
        for row in subject.rows_of("figures", **within(subject, is_of_edition), part="children")
        if row["unit"] == PERSONS
    ]
    if not rows:
        yield Item(NO_CHILDREN if subject.edition.is_complete else NOT_EXTRACTED, CHILDREN)
        return

    def rank(row: Row) -> tuple[object, ...]:
        is_stated, edition = _is_stated(row), str(row["edition"])
        newest = str(row["period"]) if is_stated else edition
        return _is_of_all_children(row), is_stated, newest, -_stage(row), edition

    row = max(rows, key=rank)
    item = _item(subject, row)
    edition = entities.label(subject.engine, str(row["edition"]))
    is_other = str(row["edition"]) != subject.edition.iri
    dated = " with a stated year" if _is_stated(row) else ""
    yield replace(
        item,
        line=item.line.removeprefix(f"{CHILDREN}: "),
        lead=CHILDREN,
        details=(
            *([] if _is_of_all_children(row) else [SOME_CHILDREN]),
            *([f"the newest number of children in the graph{dated}, from {edition}"] * is_other),
            *(_unstated(item.caveats) if is_other else []),
        ),
        caveats=() if is_other else item.caveats,
    )


def _child(row: Row, whole: Row, known: Mapping[str, str]) -> Detail:
    ours = ", our sum of girls and boys" if row["speaker"] == OURSELVES else ""
    caveats = [each for each in _caveats(row) if each.removeprefix(WHOLE) not in _caveats(whole)]
    return f"of these, {known[str(row['part'])]}: {_number(row, known)}{ours}", caveats


def _other(
    row: Row, newest: Row, known: Mapping[str, str], quoted: Mapping[str, passages.Passage]
) -> Detail:
    """A figure of another period, with the speaker, sentence and caveats that the newest lacks."""
    period = known[str(row["period"])]
    speaker = known[str(row["speaker"])] if row["speaker"] != newest["speaker"] else ""
    passage = quoted.get(str(row["place"]))
    # A place on a page repeats what the figure is.
    is_elsewhere = passage and passage.sentence and row["place"] != newest["place"]
    differing = ", ".join(
        filter(None, [speaker, passage.place if passage and is_elsewhere else ""])
    )
    also = f" ({differing})" if differing else ""
    caveats = [f"{period}: {text}" for text in _caveats(row) if text not in _caveats(newest)]
    return f"{period}: {_number(row, known)}{also}", caveats


def _caveats(row: Row, column: str = "caveat") -> list[str]:
    return list(dict.fromkeys(separate(str(row[column] or ""))))


def _unstated(caveats: Iterable[str]) -> Iterator[str]:
    """The caveats that no sentence of the summary states itself."""
    return (text for text in caveats if not any(words in text for words in IN_SENTENCE))


def _with_main_caveats(subject: Subject, items: Sequence[Item]) -> tuple[Item, ...]:
    """The items with the few caveats that change most how they may be read, some of each item."""
    figures = terms(each.iri for each in items if each.iri)
    rows = subject.engine.select(
        f"SELECT DISTINCT ?text ?kind {{ VALUES ?figure {{ {figures} }}"
        " ?figure tip:caveat ?caveat . ?caveat rdfs:label ?text ; prov:wasDerivedFrom/a ?kind }"
    )
    ranks: dict[str, int] = {}
    for row in rows:
        text, kind = str(row["text"]), str(row["kind"])
        rank = CAVEATS.index(kind) if kind in CAVEATS else len(CAVEATS)
        ranks[text] = min(rank, ranks.get(text, rank))
    ordered = [
        sorted(_unstated(each.caveats), key=lambda text: ranks.get(text, len(CAVEATS) + 1))
        for each in items
    ]
    in_turn = (text for nth in zip_longest(*ordered) for text in nth if text)
    main = set(islice(dict.fromkeys(in_turn), MOST_CAVEATS))
    return tuple(
        replace(each, caveats=tuple(text for text in each.caveats if text in main))
        for each in items
    )


def _is_stated(row: Row) -> bool:
    """Return whether the period is one of the calendar. Some editions leave the year open."""
    return str(row["period"]).startswith(PERIOD)


def _number(row: Row, known: Mapping[str, str]) -> str:
    """The number with its qualifier, and with its currency, or with its unit if not persons."""
    qualifier = f"{known[str(row['number_qualifier'])]} " if row["number_qualifier"] else ""
    unit = "" if row["unit"] == PERSONS else unit_of(row["value"], known[str(row["unit"])])
    number = with_commas(row["value"])
    parts = (unit, number) if unit.isupper() else (number, unit)
    return qualifier + " ".join(filter(None, parts))


def _revisions(subject: Subject) -> dict[str, list[Detail]]:
    """For each figure, what an earlier edition gives for the same period and population."""
    rows = subject.rows_of("revisions", area=last_part(subject.edition.area))
    known = names(subject.engine, rows)
    found: dict[str, list[Detail]] = {}
    for row in rows:
        if "population" in str(row["reason"]):
            continue
        edition, indicator = (
            known[str(row[name])] for name in ("earlier_edition", "earlier_indicator")
        )
        number = with_commas(row["earlier_value"])
        text = f"{edition} gives {number} for the same period ({indicator})"
        caveats = [f"{edition}: {each}" for each in _caveats(row, "earlier_caveat")]
        found.setdefault(str(row["statement"]), []).append((text, caveats))
    return found
