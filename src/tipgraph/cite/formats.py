"""A citation as text, as BibTeX and as CSL-JSON (schema of the Citation Style Language)."""

from collections.abc import Iterator
from typing import Any

from tipgraph.cite.citation import Citation, CitedPlace
from tipgraph.escape import latex, latex_address, web_address
from tipgraph.render.results import dumps
from tipgraph.text import capitalise


def text(citation: Citation) -> str:
    """The citation as one paragraph, for a person."""
    if citation.is_record:
        version = ", ".join(filter(None, [f"Version {citation.version}", _year(citation)]))
        digest = f"Graph sha256:{citation.digest}" if citation.digest else ""
        parts = [citation.author, f"“{citation.title}”", f"In: {citation.container}", version]
        parts += [f"<{citation.address}>", digest, *_notes(citation)]
    else:
        author = capitalise(f"{citation.credit} {citation.author}".lstrip())
        parts = [author, f"“{citation.title}”", f"In: {citation.container}", _year(citation)]
        parts += [_places(citation) or f"<{citation.address}>"]
        parts += _notes(citation)
    return " ".join(_sentence(each) for each in parts if each) + "\n"


def bibtex(citation: Citation) -> str:
    """The citation as an entry of BibTeX; every field is balanced, whatever labels contain."""
    kind = "misc" if citation.is_record else "incollection"
    fields = {
        "author": f"{{{latex(citation.author)}}}",
        "title": f"{{{latex(citation.title)}}}",
        "howpublished" if citation.is_record else "booktitle": f"{{{latex(citation.container)}}}",
        "publisher": "" if citation.is_record else f"{{{latex(citation.author)}}}",
        "year": _year(citation),
        "url": latex_address(citation.address),
        "note": " ".join(_latex_notes(citation)),
    }
    lines = (f"  {name:12} = {{{value}}}" for name, value in fields.items() if value)
    return f"@{kind}{{{citation.key},\n" + ",\n".join(lines) + "\n}\n"


def csl_json(citation: Citation) -> str:
    """The citation as CSL-JSON: a list with one item."""
    item: dict[str, Any] = {
        "id": citation.key,
        "type": "dataset" if citation.is_record else "chapter",
        "author": [{"literal": citation.author}],
        "title": citation.title,
        "container-title": citation.container,
        "publisher": "" if citation.is_record else citation.author,
        "issued": {"date-parts": [[citation.year]]} if citation.year else None,
        "URL": web_address(citation.address),
        "version": citation.version if citation.is_record else "",
        "source": citation.graph,
        "note": " ".join(_sentence(each) for each in _plain_notes(citation)),
    }
    return dumps([{name: value for name, value in item.items() if value}])


FORMATS = {"text": text, "bibtex": bibtex, "csl-json": csl_json}


def _notes(citation: Citation) -> Iterator[str]:
    """Yield the cited statement, the remarks on it, and its place."""
    if citation.statement:
        yield f"Cited for: {citation.statement}"
    yield from (f"Note: {caveat}" for caveat in citation.caveats)
    if citation.command:
        yield f"Given by: {citation.command}"
    if citation.sources:
        yield f"Drawn from: {'; '.join(citation.sources)}"
    if not citation.is_record:
        yield f"Found with {citation.graph}"


def _plain_notes(citation: Citation) -> Iterator[str]:
    if citation.credit:
        yield capitalise(f"{citation.credit} {citation.author}")
    if citation.places:
        yield _places(citation)
    # The field `source` names tipgraph.
    yield from list(_notes(citation))[: None if citation.is_record else -1]


def _latex_notes(citation: Citation) -> Iterator[str]:
    if citation.credit:
        yield latex(_sentence(capitalise(f"{citation.credit} {citation.author}")))
    if citation.places:
        yield f"{capitalise('; '.join(map(_latex_place, citation.places)))}."
    yield from (latex(_sentence(each)) for each in _notes(citation))
    if citation.is_record:
        yield latex(_sentence(citation.graph))


def _places(citation: Citation) -> str:
    return capitalise("; ".join(map(_place, citation.places)))


def _place(place: CitedPlace) -> str:
    quote = f"“{_quoted(place.quote)}”" if place.quote else ""
    link = f"<{place.link}>" if place.link else ""
    return ", ".join(filter(None, [place.name, quote, link]))


def _latex_place(place: CitedPlace) -> str:
    quote = f"``{latex(place.quote)}''" if place.quote else ""
    link = f"\\url{{{latex_address(place.link)}}}" if place.link else ""
    return ", ".join(filter(None, [latex(place.name), quote, link]))


def _quoted(text: str) -> str:
    return " ".join(text.split())


def _sentence(text: str) -> str:
    """The text on one line, with a full stop unless it ends in one."""
    line = _quoted(text)
    return line if line.endswith((".", "!", "?")) else f"{line}."


def _year(citation: Citation) -> str:
    return str(citation.year) if citation.year else ""
