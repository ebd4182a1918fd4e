"""Numbers and lists as people read them."""

from collections.abc import Iterable, Sequence
from decimal import Decimal

from tipgraph.store.rows import Value


def number(value: Value) -> str:
    """A number with its thousands apart and without idle zeros."""
    return f"{Decimal(str(value)).normalize():,f}"


def stated(value: Value, approximate: bool) -> str:
    """A number as a picture has it."""
    return f"≈\N{NO-BREAK SPACE}{number(value)}" if approximate else number(value)


def listed(words: Iterable[str]) -> str:
    """`a, b and c`, each once."""
    each = list(dict.fromkeys(words))
    return " and ".join(filter(None, [", ".join(each[:-1]), *each[-1:]]))


def editions(names: Sequence[str]) -> str:
    """`2019 and 2020 editions`; names of another kind are listed as they are."""
    years = [name.removesuffix(" edition") for name in names]
    if len(names) > 1 and all(each != name for each, name in zip(years, names, strict=True)):
        return f"{listed(years)} editions"
    return listed(names)


def capital(text: str) -> str:
    """The text with a capital letter ahead."""
    return text[:1].upper() + text[1:]


def sentence(text: str) -> str:
    """The text with its stop."""
    return text if text.endswith((".", "?", "!")) else f"{text}."
