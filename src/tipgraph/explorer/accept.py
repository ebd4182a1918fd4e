"""The media type of a response, by what the client accepts (RFC 9110, section 12.5.1)."""

import re
from collections.abc import Sequence
from typing import NamedTuple


class _Range(NamedTuple):
    """A media range of an Accept header, and its weight."""

    type: str
    quality: float


def choose(accept: str, offers: Sequence[str]) -> str | None:
    """The media type that an Accept header prefers; of equals the first, None if it takes none.

    An empty header accepts everything. Parameters other than `q` are ignored.
    """
    ranges = [_range(each) for each in accept.split(",") if each.strip()]
    if not ranges:
        return offers[0]
    best = max(offers, key=lambda offer: _quality(offer, ranges))
    return best if _quality(best, ranges) > 0 else None


def _range(text: str) -> _Range:
    type_, *parameters = (each.strip().lower() for each in text.split(";"))
    for each in parameters:
        match = re.fullmatch(r"q\s*=\s*([01](?:\.\d*)?)", each)
        if match:
            return _Range(type_, min(float(match[1]), 1.0))
    return _Range(type_, 1.0)


def _quality(offer: str, ranges: Sequence[_Range]) -> float:
    """The weight of the most specific range that contains the media type."""
    for type_ in (offer, f"{offer.partition('/')[0]}/*", "*/*"):
        found = [each.quality for each in ranges if each.type == type_]
        if found:
            return max(found)
    return 0.0
