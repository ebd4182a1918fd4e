"""What may have been meant by a name that means nothing."""

from collections import defaultdict
from collections.abc import Iterable, Mapping

from tipgraph.namespaces import last_part
from tipgraph.validate.names import shortened

SHOWN = 3
LIKENESS = 0.7


def did_you_mean(iri: str, known: Iterable[str], prefixes: Mapping[str, str]) -> str:
    """A question that names the known IRIs most like this one; empty when none is like it.

    Those with the same name are, in whatever case and namespace; else those with a like name in the
    same namespace. `prefixes` are as `names.known` gives them.
    """
    from difflib import get_close_matches

    by_name: defaultdict[str, list[str]] = defaultdict(list)
    for each in sorted(known, key=lambda each: (namespace(each) != namespace(iri), each)):
        if namespace(each) == namespace(iri) or _name(each) == _name(iri):
            by_name[_name(each)].append(each)
    is_same = _name(iri) in by_name
    like = get_close_matches(_name(iri), by_name, n=SHOWN, cutoff=1 if is_same else LIKENESS)
    names = [shortened(each, prefixes) for name in like for each in by_name[name]][:SHOWN]
    if not names:
        return ""
    *others, last = names
    return f"did you mean {', '.join(others)}{' or ' if others else ''}{last}?"


def namespace(iri: str) -> str:
    """The IRI without its last part."""
    return iri.removesuffix(last_part(iri))


def _name(iri: str) -> str:
    return last_part(iri).casefold()
