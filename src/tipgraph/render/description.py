"""What is known of an entity, as plain text and as Markdown."""

from collections.abc import Iterable, Iterator

from tipgraph.escape import markdown
from tipgraph.lookup import entities
from tipgraph.lookup.absence import Absence
from tipgraph.lookup.describe import Description
from tipgraph.lookup.mentions import Mention
from tipgraph.lookup.nearest import Nearest
from tipgraph.lookup.passages import Passage
from tipgraph.text import capitalise, join, plural


def as_text(description: Description, technical: bool = False) -> str:
    """The description as plain text, for a terminal; with its technical properties if wanted."""
    return "\n".join(_text_lines(description, technical)) + "\n"


def as_markdown(description: Description, technical: bool = False) -> str:
    """The description in Markdown."""
    return "\n".join(_markdown_lines(description, technical)) + "\n"


def _text_lines(description: Description, technical: bool) -> Iterator[str]:
    yield description.label
    yield description.iri
    if description.source_place:
        yield from (description.source_place.advice, f"  {description.source_place.link}")
    rows = [("is a", description.kinds), *_shown(description, technical)]
    width = max(len(name) for name, _ in rows)
    yield from (f"  {name:{width}}  {'; '.join(values)}" for name, values in rows if values)
    if description.passages:
        yield from ("", "Evidence")
    for passage in description.passages:
        yield from (f"  {passage.named}", f"       {passage.link}")
    for absence in description.absences:
        if absence.read_in_full:
            yield from ("", _heading(absence))
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
        yield f"  {other.label} ({entities.slug(other.iri)}): {', '.join(other.reasons)}"


def _markdown_lines(description: Description, technical: bool) -> Iterator[str]:
    yield from (f"# {markdown(description.label)}", "", f"<{description.iri}>", "")
    if description.source_place:
        yield from (
            f"{markdown(description.source_place.advice)} <{description.source_place.link}>",
            "",
        )
    if description.kinds:
        yield f"- **is a**: {markdown('; '.join(description.kinds))}"
    for name, values in _shown(description, technical):
        yield f"- **{markdown(name)}**: {markdown('; '.join(values))}"
    if description.passages:
        yield from ("", "## Evidence", "")
        yield from (
            f"- {_link(each)} {markdown(each.quoted)}".rstrip() for each in description.passages
        )
    for absence in description.absences:
        if absence.read_in_full:
            yield from ("", f"## {markdown(_heading(absence))}", "")
            for near in absence.nearest:
                links = " ".join(map(_link, near.passages))
                yield f"- {links} {markdown(_near(near))}"
    if _not_extracted(description):
        yield from ("", markdown(_not_extracted(description)))
    if description.mentions or description.limits:
        yield from ("", f"## {markdown(_count(description))}", "")
    for mention in description.mentions:
        places = " ".join(map(_link, mention.passages))
        yield f"- {places} {markdown(_mention(mention))}"
    if description.see_also:
        yield from ("", "## See also", "")
    for other in description.see_also:
        yield f"- [{markdown(other.label)}]({other.iri}): {markdown(', '.join(other.reasons))}"


def _shown(description: Description, technical: bool) -> list[tuple[str, tuple[str, ...]]]:
    wanted = [each for each in description.properties if technical or not each.technical]
    return [(each.name, each.values) for each in wanted]


def _heading(absence: Absence) -> str:
    nearest = "Nearest statements:" if absence.nearest else "No statement comes near."
    return f"{capitalise(absence.verdict)} in {absence.place}, read in full. {nearest}"


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


def _places(quoted: Iterable[Passage]) -> str:
    return " ".join(dict.fromkeys(passage.place for passage in quoted))


def _link(passage: Passage) -> str:
    return f"[{markdown(passage.place)}]({passage.link})"
