"""Render the description of an entity as plain text and as a document."""

from collections.abc import Iterable, Iterator

from tipgraph import entities
from tipgraph.entities.absence import Absence, Nearest
from tipgraph.entities.highlight import Highlighted
from tipgraph.entities.passages import Passage
from tipgraph.render.document import Cell, Document, Item, Section, in_words
from tipgraph.render.highlight import for_terminal
from tipgraph.show.describe import Description, Property
from tipgraph.show.mentions import Mention
from tipgraph.show.relations import Relation
from tipgraph.show.see_also import Related
from tipgraph.text import capitalise, join, plural

# The relations that are shown; the query `relations` has all of them.
MOST_RELATIONS = 15


def as_text(description: Description, technical: bool = False) -> str:
    """The description as plain text, for a terminal; with its technical properties if wanted."""
    return "\n".join(_text_lines(description, technical)) + "\n"


def document(description: Description, technical: bool = False) -> Document:
    """The description as a document."""
    head = [description.iri]
    if description.source_place and not description.text:
        head.append(description.source_place.advice)
    shown = [Property("is a", description.kinds), *_shown(description, technical)]
    properties = (_property(each) for each in shown if each.values)
    sentence = (
        (Item(description.source_place.where, texts=(description.text,)),)
        if (description.source_place and description.text)
        else ()
    )
    evidence = (
        Item("", passages=(each,), texts=(text,) if text else ())
        for each, text in _evidence(description)
    )
    partial = _not_extracted(description)
    mentions = tuple(
        Item(
            f"{_mention(each)}{_editions(each)}",
            passages=each.passages,
            iri=each.iri,
            name=each.label,
        )
        for each in description.mentions
    )
    is_limited = bool(description.limits)
    return Document(
        description.label,
        tuple(head),
        (
            Section("Sentence", sentence),
            Section("Properties", tuple(properties)),
            Section("Who does what", tuple(map(Item, _relations(description)))),
            Section("Evidence", tuple(evidence)),
            *(_absence(each) for each in description.absences if each.read_in_full),
            Section("Not extracted", paragraphs=(partial,) if partial else ()),
            Section(
                "Statements",
                paragraphs=() if mentions or not is_limited else (_count(description),),
            ),
            Section(_count(description), mentions),
            Section(
                "See also",
                tuple(Item(_related(e), iri=e.iri, name=e.label) for e in description.see_also),
            ),
        ),
        description.source_place.link if description.source_place else "",
    )


class ShownDescription(Description):
    """A description that shows itself in a notebook."""

    def _repr_html_(self) -> str:
        from tipgraph.render.page import fragment

        return fragment(document(self))


def _text_lines(description: Description, technical: bool) -> Iterator[str]:
    yield description.label
    yield description.iri
    if description.source_place and description.text:
        yield f"“{for_terminal(description.text)}”"
        yield from (f"{description.source_place.where}:", f"  {description.source_place.link}")
    elif description.source_place:
        yield from (description.source_place.advice, f"  {description.source_place.link}")
    shown = [(each.name, each.values) for each in _shown(description, technical)]
    rows = [("is a", description.kinds), *shown]
    width = max(len(name) for name, _ in rows)
    yield from (f"  {name:{width}}  {'; '.join(values)}" for name, values in rows if values)
    if description.relations:
        yield from ("", "Who does what")
    yield from (f"  {line}" for line in _relations(description))
    if description.passages:
        yield from ("", "Evidence")
    for passage, text in _evidence(description):
        yield from (f"  {passage.named}", f"       {passage.link}")
        yield from [f"       “{for_terminal(text)}”"] if text else []
    for absence in description.absences:
        if absence.read_in_full:
            yield from ("", f"{_verdict(absence)}. {_nearest(absence)}")
            for near in absence.nearest:
                yield f"  {_places(near.passages)}  {_near(near)}"
                yield from (f"       {_words(each)}{each.link}" for each in near.passages)
    if _not_extracted(description):
        yield from ("", _not_extracted(description))
    if description.mentions or description.limits:
        yield from ("", _count(description))
    for mention in description.mentions:
        yield f"  {_places(mention.passages)}  {_mention(mention)}"
        yield from (f"       {_words(passage)}{passage.link}" for passage in mention.passages)
    if description.see_also:
        yield from ("", "See also")
    for other in description.see_also:
        yield f"  {_related(other)}"


def _relations(description: Description) -> Iterator[str]:
    """The relations that are most often stated, and how many others there are."""
    yield from map(_relation, description.relations[:MOST_RELATIONS])
    if others := description.relations[MOST_RELATIONS:]:
        yield f"and {plural(len(others), 'other')}: see the query relations"


def _relation(relation: Relation) -> str:
    count = f" ({plural(relation.statements, 'statement')})" if relation.statements > 1 else ""
    return f"{relation.subject} {relation.relation} {relation.object}{count}"


def _evidence(description: Description) -> Iterator[tuple[Passage, Highlighted | None]]:
    """The passages, with the text of their sentence after the last one of it, if it is known."""
    known = dict(description.texts)
    last = {each.sentence: each for each in description.passages}
    for each in description.passages:
        yield each, known.get(each.sentence) if last[each.sentence] is each else None


def _absence(absence: Absence) -> Section:
    near = tuple(
        Item(_near(each), passages=each.passages, iri=each.iri, name=each.label)
        for each in absence.nearest
    )
    return Section(_verdict(absence), near, paragraphs=(_nearest(absence),))


def _shown(description: Description, technical: bool) -> list[Property]:
    return [
        Property(each.name, tuple(map(in_words, each.values)), iris=each.iris)
        for each in description.properties
        if technical or not each.technical
    ]


def _property(shown: Property) -> Item:
    iris = shown.iris or ("",) * len(shown.values)
    parts = (Cell(value, iri=iri) for value, iri in zip(shown.values, iris, strict=True))
    return Item("; ".join(shown.values), shown.name, parts=tuple(parts))


def _verdict(absence: Absence) -> str:
    return f"{capitalise(absence.verdict)} in {absence.place}, read in full"


def _nearest(absence: Absence) -> str:
    return "Nearest statements:" if absence.nearest else "No statement comes near."


def _not_extracted(description: Description) -> str:
    partial = [each for each in description.absences if not each.read_in_full]
    if not partial:
        return ""
    names = join(entities.slug(each.edition) for each in partial)
    return f"Not extracted from editions that were read in part: {names}"


def _words(passage: Passage) -> str:
    return f"{passage.quoted} " if passage.quoted else ""


def _count(description: Description) -> str:
    limits = f" ({'; '.join(description.limits)})" if description.limits else ""
    if not description.mentions:
        return f"Mentioned in no statement{limits}"
    return f"Mentioned in {plural(len(description.mentions), 'statement')}{limits}"


def _near(near: Nearest) -> str:
    return f"{near.label} ({'; '.join(near.reasons)})"


def _mention(mention: Mention) -> str:
    speakers = ", ".join(mention.speakers)
    return f"{mention.label} — {speakers} ({mention.kind}; {', '.join(mention.roles)})"


def _editions(mention: Mention) -> str:
    """The editions that state it, on a page whose list has those of several countries."""
    slugs = dict.fromkeys(entities.slug(each.edition) for each in mention.passages)
    return f", {join(slugs)}" if slugs else ""


def _places(quoted: Iterable[Passage]) -> str:
    return " ".join(dict.fromkeys(passage.place for passage in quoted))


def _related(other: Related) -> str:
    return f"{other.label} ({entities.slug(other.iri)}): {', '.join(other.reasons)}"
