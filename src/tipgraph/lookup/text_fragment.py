"""Links that open a page at a quote."""

from urllib.parse import quote


def link(page: str, exact: str, prefix: str = "", suffix: str = "") -> str:
    """The page's address with a text fragment for a quote and what stands around it.

    A fragment separates its parts by commas and marks the outer ones by hyphens, so everything
    within a part is percent-encoded, the hyphen too, which `quote` leaves bare.
    """
    parts = [_encoded(exact)]
    if prefix.strip():
        parts.insert(0, _encoded(prefix) + "-")
    if suffix.strip():
        parts.append("-" + _encoded(suffix))
    start = ":~:text=" if "#" in page else "#:~:text="
    return page + start + ",".join(parts)


def _encoded(text: str) -> str:
    return quote(text.strip(), safe="").replace("-", "%2D")
