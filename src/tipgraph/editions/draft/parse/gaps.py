"""What is not reported, and that there were no reports, by the negation of a clause."""

from collections.abc import Iterator

from tipgraph.editions.draft.labels import TOTAL, labels_in
from tipgraph.editions.draft.parse.actions import base_of, doer_of
from tipgraph.editions.draft.parse.tree import Tree
from tipgraph.editions.draft.periods import NOT_STATED
from tipgraph.editions.draft.reading import Finding
from tipgraph.editions.draft.tokens import without_ends

REPORTING = {"report", "disclose", "specify", "indicate", "publish", "clarify", "reveal"}
# Verbs that are a non-report only with data as their object.
GIVING = {"provide", "share", "release", "supply", "make", "collect", "compile", "track", "have"}
SORTING = {"disaggregate", "differentiate", "distinguish", "quantify"}
DATA = {"data", "information", "statistics", "figures", "details", "numbers", "number",
        "breakdown", "estimates"}  # fmt: skip
UNKNOWN = {"unreported", "unknown", "undisclosed", "unspecified"}
AMOUNTS = {"amount", "number", "amounts", "numbers"}
REPORTS = {"reports", "cases", "allegations"}
CONTENT = ("dobj", "ccomp", "xcomp", "prep")
IDENTIFYING = {"identify"}
ENDS = {",", ";", "(", ")", ":", "however", "although", "but", "while", "compared"}
MAX_WORDS = 40
SMALL = {"the", "of", "and", "to", "a", "in", "for", "that", "any", "on", "an", "during"}


def read_gaps(tree: Tree) -> list[Finding]:
    """The non-reports and absences of reports in a sentence."""
    found = [*_non_reports(tree), *_unknown(tree), *_unavailable(tree), *_absences(tree)]
    return sorted(found, key=lambda each: each.place)


def _non_reports(tree: Tree) -> Iterator[Finding]:
    for verb in range(len(tree.tokens)):
        word = tree.word(verb)
        is_neither = any(tree.word(at) == "neither" for at in tree.children(verb, "preconj"))
        negation = next(iter(tree.children(verb, "neg")), None)
        if not is_neither and (negation is None or negation > verb):
            continue
        content = tree.children(verb, *CONTENT)
        objects = [each for each in content if tree.relations[each] == "dobj"]
        if _is_form(word, REPORTING):
            content = [each for each in content if tree.relations[each] != "prep"] or [
                each for each in content if tree.word(each) == "on" and each > verb
            ]
        elif _is_form(word, GIVING) and any(tree.word(each) in DATA for each in objects):
            content = objects
        elif _is_form(word, SORTING):
            content = objects or content
        else:
            continue
        content = [each for each in content if each > verb]
        if not content:
            continue
        auxiliary = next(iter(tree.children(verb, "aux")), verb)
        for each in [content[0], *(_neither(tree, content[0]) if is_neither else ())]:
            yield _finding(tree, "non-report", auxiliary, each, verb, "parse-not-reported")


def _neither(tree: Tree, content: int) -> list[int]:
    return tree.children(content, "conj")


def _is_form(word: str, bases: set[str]) -> bool:
    stems = {word, word.removesuffix("d"), word.removesuffix("ed"), word.removesuffix("s")}
    return bool(stems & bases)


def _unknown(tree: Tree) -> Iterator[Finding]:
    """`an unreported amount of funding`."""
    for at in range(len(tree.tokens)):
        noun = tree.heads[at]
        if tree.word(at) in UNKNOWN and tree.word(noun) in AMOUNTS and noun > at:
            verb = next((up for up in tree.ancestors(noun) if tree.tags[up].startswith("VB")), noun)
            yield _finding(tree, "non-report", at, noun, verb, "parse-unknown-amount")


def _unavailable(tree: Tree) -> Iterator[Finding]:
    """`Statistics on child victims were not available`."""
    for verb in range(len(tree.tokens)):
        subject = next(iter(tree.children(verb, "nsubj")), None)
        available = [at for at in tree.children(verb, "acomp") if tree.word(at) == "available"]
        if subject is None or not available or tree.word(subject) not in DATA:
            continue
        if tree.children(verb, "neg"):
            yield _finding(tree, "non-report", subject, subject, -1, "parse-not-available")


def _absences(tree: Tree) -> Iterator[Finding]:
    for noun in range(len(tree.tokens)):
        if tree.word(noun) not in REPORTS or tree.relations[noun] not in {"attr", "dobj"}:
            continue
        if tree.word(noun) == "cases" and tree.word(noun - 1) != "reported":
            continue
        negated = any(tree.word(at) == "no" for at in tree.children(noun, "det"))
        verb = tree.heads[noun]
        exists = bool(tree.children(verb, "expl")) or tree.word(verb) == "received"
        content = [each for each in tree.children(noun) if each > noun]
        if negated and exists and content:
            first = next(iter(tree.children(verb, "expl", "nsubj")), verb)
            doer = verb if tree.word(verb) == "received" else -1
            yield _finding(tree, "absence", first, content[0], doer, "parse-no-reports")


def _finding(tree: Tree, kind: str, first: int, content: int, verb: int, rule: str) -> Finding:
    kept = _content(tree, content)
    words = without_ends([tree.tokens[at].text for at in kept], SMALL, SMALL)
    part, axis = "total", "total"
    if base_of(tree, content) in IDENTIFYING:
        labels = labels_in(tree.tokens, kept[0], kept[-1] + 1) or [TOTAL]
        part, axis = labels[0].part, labels[0].axis
    doer = doer_of(tree, verb) if verb >= 0 else ""
    return Finding(
        kind="absence" if kind == "absence" else "non-report",
        sentence=tree.sentence,
        first=first,
        last=max(first, min(kept[-1], len(tree.tokens) - 1, first + 13)),
        place=tree.tokens[first].start,
        indicator=" ".join(words),
        period="" if kind == "absence" else NOT_STATED,
        part=part,
        axis=axis,
        counted_by=doer,
        rules=(rule,),
        confidence="medium",
    )


def _content(tree: Tree, content: int) -> list[int]:
    """The places of what is not reported, up to the first mark or period."""
    kept: list[int] = []
    for at in tree.subtree(content):
        if kept and (tree.word(at) in ENDS or tree.is_dash(at) or at != kept[-1] + 1):
            break
        if kept and (at in tree.in_period or at + 1 in tree.in_period or len(kept) == MAX_WORDS):
            break
        kept.append(at)
    return kept
