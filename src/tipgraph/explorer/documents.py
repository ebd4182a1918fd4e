"""Pages that are a document of a command: a comparison, a briefing, and the entitlements."""

import shlex
from collections.abc import Mapping
from urllib.parse import urlencode

from tipgraph.errors import UsageError
from tipgraph.explorer.asked import Asked, Content
from tipgraph.explorer.fields import Field, edition_choices
from tipgraph.explorer.site import Site
from tipgraph.lookup.editions import editions
from tipgraph.render.document import Document

NO_EDITION = {"": "choose an edition"}


def compare(site: Site, asked: Asked) -> Content:
    """The difference between two editions on one country, once both are chosen."""
    from tipgraph.editions.compare.render import document

    earlier, later = (asked.parameters.get(each, "").strip() for each in ("earlier", "later"))
    choices = {**NO_EDITION, **edition_choices(site)}
    fields = [
        Field("earlier", "Earlier edition", earlier, choices=choices, required=True),
        Field("later", "Later edition", later, choices=choices, required=True),
    ]
    title, found, problem = "Compare two editions", None, ""
    if earlier or later:
        try:
            found = document(site.graph.diff(earlier, later))
        except UsageError as error:
            problem = str(error)
    command = f"tipgraph diff {shlex.quote(earlier)} {shlex.quote(later)}"
    return _page(site, title, found, fields, "/-/compare", "Compare", problem, command)


def report(site: Site, asked: Asked) -> Content:
    """The briefing on a country, by its code."""
    found = site.graph.report(asked.name)
    return _page(
        site, found.title, found, command=f"tipgraph report --area {shlex.quote(asked.name)}"
    )


def entitlements(site: Site, asked: Asked) -> Content:
    """What an edition states for children and adults; by default the newest read in full."""
    from tipgraph.assess import overview

    edition = asked.parameters.get("edition", "").strip()
    fields = [edition_field(site, edition)]
    title, found, problem = "Entitlements", None, ""
    try:
        found = overview.document(overview.overview(site.graph.regime(edition or None)))
    except UsageError as error:
        problem = str(error)
    option = f" --edition {shlex.quote(edition)}" if edition else ""
    command = f"tipgraph assess --overview{option}"
    link = "/-/case" + (f"?{urlencode({'edition': edition})}" if edition else "")
    links = {link: "Assess a case"}
    return _page(site, title, found, fields, "/-/entitlements", "Show", problem, command, links)


def edition_field(site: Site, value: str) -> Field:
    """The editions that were read in full, to choose one; by default the newest."""
    complete = [each for each in editions(site.engine).values() if each.is_complete]
    choices = {"": "newest that was read in full", **edition_choices(site, complete)}
    return Field("edition", "Edition", value, choices=choices)


def _page(
    site: Site,
    title: str,
    found: Document | None,
    fields: list[Field] | None = None,
    action: str = "",
    button: str = "",
    problem: str = "",
    command: str = "",
    links: Mapping[str, str] | None = None,
) -> Content:
    return site.page(
        "document.html",
        title,
        400 if problem else 200,
        document=found,
        fields=fields or [],
        action=action,
        button=button,
        problem=problem,
        command=command,
        links=links or {},
    )
