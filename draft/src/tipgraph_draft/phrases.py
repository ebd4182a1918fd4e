"""Noun phrases that count something, and the parts of a total that their words name."""

from collections.abc import Sequence
from dataclasses import dataclass

from tipgraph_draft.numerals import SMALL
from tipgraph_draft.tokens import Token, words_at
from tipgraph_draft.words import (
    AUXILIARIES,
    COUNTRY_NAMES,
    CURRENCY_WORDS,
    DEMONYMS,
    EXPLOITATION,
    EXPLOITATION_MODIFIERS,
    MONTHS,
    NAMED_PARTS,
    NOUNS,
    PAST_SPEECH,
    PERSON_NOUNS,
    PRESUMED,
    QUALIFIERS,
    SAME_PARTS,
    SELF_PARTS,
    SPEECH,
    VERBS,
    word_set,
    word_table,
)

NATIONAL_NOUNS = {"nationals", "national", "citizens", "citizen"}
FOREIGN = {"foreign", "domestic", "local"}
STATUS_WORDS = word_set("status_words")
SEX_WORDS = word_table("sex_words")
AGE_WORDS = word_table("age_words")
SEX_AND_AGE = word_table("sex_and_age")
FORM_WORDS = word_set("labels_form_words")
# Words of exploitation that say no more than trafficking by themselves.
NO_FORM = word_set("no_form") | {"human trafficking"}
# Words within the name of a form of exploitation, and those that it does not begin with.
IN_FORM = {"and", "or", "the", "a"}
NOT_FIRST = IN_FORM | FORM_WORDS | {"of"}
SINGULARS = {"children": "child", "adults": "adult", "minors": "minor", "juveniles": "juvenile"}
SEX_NOUNS = {"female": "females", "male": "males"}
# Where somebody is from, in words, and as it is written.
ORIGINS = {"foreign", "third-country", "non-eu", "non-eea", "non-citizen", "eu", "eea"}
WRITTEN = {"non-eu": "non-EU", "non-eea": "non-EEA", "eu": "EU", "eea": "EEA"}
OTHER_COUNTRIES = {
    "other": "from other countries",
    "unspecified": "unspecified countries",
    "unknown": "unspecified countries",
}
UNKNOWN = {"unknown", "unspecified", "undetermined", "unidentified", "undisclosed", "uncategorized"}
# Words before a part that says that something is unknown, by its axis; words around it.
UNKNOWN_PREFIXES = {"sex": "gender ", "age": "age ", "nationality": "nationality "}
AROUND_UNKNOWN = {
    "sex": {"gender", "sex"}, "age": {"age"},
    "nationality": {"nationality", "origin", "citizenship"},
}  # fmt: skip
MAX_FORM = 16
# A part and the place after it; without a part, the words name none.
Found = tuple["Label | None", int]
MAX_MODIFIERS = 14
STOPS = word_set("phrases_stops")
ADJECTIVAL = word_set("phrases_adjectival")
# Marks within the words before a noun.
MARKS = {",", "/", "“", '"', "”", "-", "+", "\u2019", "'"}
MODIFIERS = EXPLOITATION | EXPLOITATION_MODIFIERS | STATUS_WORDS | ADJECTIVAL | SEX_WORDS.keys()


@dataclass(frozen=True)
class Label:
    """A part of a total and its axis."""

    part: str
    axis: str


TOTAL = Label("total", "total")


def joined(labels: list[Label], label: Label) -> list[Label]:
    """The labels with another; sex and age that stand together are one part."""
    last = labels[-1] if labels else TOTAL
    if {last.axis, label.axis} == {"sex", "age"}:
        part = f"{last.part} {label.part}"
        if last.axis == "age":
            noun = SEX_NOUNS.get(label.part, label.part)
            part = f"{SINGULARS.get(last.part, last.part)} {noun}"
        return [*labels[:-1], Label(part, "sex and age")]
    return labels if label == last else [*labels, label]


def labels_in(tokens: Sequence[Token], first: int, end: int) -> list[Label]:
    """The parts that the words from `first` up to `end` name, in their order."""
    labels: list[Label] = []
    index = first
    while index < end:
        label, index = label_at(tokens, index, end) or (None, index + 1)
        if label is not None and label not in labels:
            labels = joined(labels, label)
    return labels


def label_at(tokens: Sequence[Token], index: int, end: int, noun: str = "") -> Found | None:
    """The part that begins at a token, and the place after it; None if no part begins there."""
    word = tokens[index].lower
    following = words_at(tokens, index + 1, index + 2)[0] if index + 1 < end else ""
    if word in {"child", "children"} and following == "trafficking" and noun in PERSON_NOUNS:
        return Label("children", "age"), index + 1
    if exploitation := _exploitation(tokens, index, end):
        return exploitation
    if word.startswith("lgbt"):
        at = index + 1
        return Label("LGBTQI+ persons", "other"), at + (following in NOUNS)
    if word in SEX_WORDS:
        return Label(SEX_WORDS[word], "sex"), index + 1
    if word in SEX_AND_AGE:
        part = SEX_AND_AGE[word]
        own = Label(part, "sex" if part in {"women", "men"} else "sex and age")
        return coordinated_sexes(tokens, index, end) or (own, index + 1)
    if named := NAMED_PARTS.get(f"{word} {following}"):
        return Label(*named), index + 2
    if word in AGE_WORDS:
        return Label(AGE_WORDS[word], "age"), index + 1
    if word in NAMED_PARTS:
        return Label(*NAMED_PARTS[word]), index + 1
    return (
        _nationality(tokens, index, end)
        or _younger(tokens, index, end)
        or (_origin(tokens, index + 1, end) if word == "from" else None)
        or _unknown(tokens, index, end)
    )


def coordinated_sexes(tokens: Sequence[Token], index: int, end: int) -> tuple[Label, int] | None:
    """`women and girls` as one part."""
    words = words_at(tokens, index, index + 3)
    first, second = SEX_AND_AGE[words[0]], SEX_AND_AGE.get(words[2])
    if index + 2 >= end or words[1] != "and" or second in {None, first}:
        return None
    axis = "sex" if {first, second} in ({"women", "girls"}, {"men", "boys"}) else "sex and age"
    return Label(f"{first} and {second}", axis), index + 3


def _unknown(tokens: Sequence[Token], index: int, end: int) -> Found | None:
    """`of unknown age`: something is not known, by the words around."""
    word, following = words_at(tokens, index, index + 2)
    if word not in UNKNOWN or following in {"forms", "types"}:
        return None
    about = {*words_at(tokens, max(0, index - 6), min(end, index + 4))}
    axes = (axis for axis, words in AROUND_UNKNOWN.items() if words & about)
    axis = next(axes, "exploitation")
    return Label(f"{UNKNOWN_PREFIXES.get(axis, '')}{word}", axis), index + 1


def _exploitation(tokens: Sequence[Token], index: int, end: int) -> Found | None:
    """A form of exploitation: the longest run of its words, or None.

    A run that says no more than trafficking names no part: its label is None.
    """
    at, last = index, None
    while at < min(end, index + MAX_FORM):
        before, word = words_at(tokens, at - 1, at + 1)
        if word in EXPLOITATION:
            last = at
        elif word in FORM_WORDS and at > index:
            is_other = at == index + 1 and before in {"other", *UNKNOWN}
            if last is not None or before == "criminal" or is_other:
                last = at
        elif not (
            (at > index and (word in IN_FORM or (word == "of" and before in FORM_WORDS)))
            or word in EXPLOITATION_MODIFIERS | UNKNOWN | {"another"}
        ):
            break
        at += 1
    words = words_at(tokens, index, index + 1 if last is None else last + 1)
    if last is None or words[0] in NOT_FIRST:
        return None
    if words[0] == "child" and len(words) > 2 and words[1] in {"sex", "labor", "forced"}:
        return Label("children", "age"), index + 1
    # The words as they stand in the text, in lower case unless they are names.
    run = tokens[index : last + 1]
    text = " ".join(each.text if each.text.isupper() else each.lower for each in run)
    text = text.replace(" - ", "-").replace(" / ", "/")
    label = None if text.lower() in NO_FORM else Label(text, "exploitation")
    return label, last + 1


def _nationality(tokens: Sequence[Token], index: int, end: int) -> Found | None:
    """`foreign nationals`, `non-EU`, `Greek citizens`, `Albanians`."""
    token = tokens[index]
    word, *after = words_at(tokens, index, index + 3)
    after = [each if index + at < end else "" for at, each in enumerate(after, 1)]
    if word in ORIGINS:
        text = WRITTEN.get(word, word)
        if after[0] in NATIONAL_NOUNS:
            return Label(f"{text} {NOUNS[after[0]]}", "nationality"), index + 2
        is_whole = word in FOREIGN or "-" in word
        return (Label(text, "nationality"), index + 1) if is_whole else None
    pair = " ".join(each.text for each in tokens[index : min(index + 2, end)])
    for name, size in ((pair, 2), (token.text, 1)):
        country = DEMONYMS.get(name) or DEMONYMS.get(name.removesuffix("s"))
        if country and token.is_capitalised:
            following = after[size - 1]
            used = size + (1 if following in NATIONAL_NOUNS else 0)
            is_money = following in CURRENCY_WORDS
            return None if is_money else (Label(country, "nationality"), index + used)
    return None


def _origin(tokens: Sequence[Token], at: int, end: int) -> Found | None:
    """Return what follows `from`: a country by its name, or countries in words."""
    start = at
    while at < end and tokens[at].lower in {"the", "both"}:
        at += 1
    first = at
    while at < end and tokens[at].is_word:
        leads = at > first and at + 1 < end and tokens[at + 1].is_capitalised
        joins = tokens[at].lower in {"of", "and", "the"} and leads
        if not tokens[at].is_capitalised and not joins:
            break
        if tokens[at].lower == "and" and not _is_name_with_and(tokens, first, at, end):
            break
        at += 1
    name = " ".join(each.text for each in tokens[first:at])
    if name:
        return None if name.lower() in MONTHS else (Label(name, "nationality"), at)
    word, following = words_at(tokens, start, start + 2)
    if word in OTHER_COUNTRIES and following == "countries":
        return Label(OTHER_COUNTRIES[word], "nationality"), start + 2
    return (Label("from abroad", "nationality"), start + 1) if word == "abroad" else None


def _is_name_with_and(tokens: Sequence[Token], first: int, at: int, end: int) -> bool:
    """Return whether `and` is within a name, as in `Bosnia and Herzegovina`."""
    names = [" ".join(each.text for each in tokens[first : at + 1 + size]) for size in (1, 2)]
    return any(each in COUNTRY_NAMES for each in names[: end - at - 1])


def same_parts(first: Sequence[Label], second: Sequence[Label]) -> bool:
    """Return whether two paths name the same parts, whatever their wording."""
    return [_normal(each) for each in first] == [_normal(each) for each in second]


def _normal(label: Label) -> str:
    """A part in the form that equal ones share."""
    part = label.part.lower()
    return SAME_PARTS.get(part, part)


def _younger(tokens: Sequence[Token], index: int, end: int) -> Found | None:
    """`younger than 21`, `under the age of 18`."""
    words = words_at(tokens, index, min(end, index + 5))
    for lead in (["younger", "than"], ["older", "than"], ["under", "the", "age", "of"], ["under"]):
        size = len(lead) + 1
        if words[: size - 1] == lead and words[size - 1 : size] and words[size - 1].isdigit():
            return Label(" ".join(words[:size]), "age"), index + size
    return None


# ── Noun phrases ─────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True)
class NounPhrase:
    """The words after a number up to their noun: tokens from `first` to `last`.

    `noun` is the plural of the noun. `words` are those of the indicator, the parts left out.
    """

    first: int
    last: int
    noun: str
    is_person: bool
    words: tuple[str, ...]
    labels: tuple[Label, ...] = ()

    @property
    def text(self) -> str:
        return " ".join(self.words).replace(" ,", ",")

    @property
    def is_presumed(self) -> bool:
        return bool(PRESUMED & {*self.words})


def noun_phrase(tokens: Sequence[Token], at: int, end: int) -> NounPhrase | None:
    """The noun phrase that begins at a token; None where no noun follows the number."""
    head = _head(tokens, at, end)
    if head is None:
        return None
    noun = NOUNS[_key(tokens[head])]
    is_person = noun in PERSON_NOUNS
    inner = list(tokens[at:head])
    labels, left = _modifiers(inner, noun) if is_person else ([], inner)
    words = [each.text for each in left if each.is_word or (is_person and each.text in {"-", ","})]
    # `women and girls` may be all of the phrase.
    is_pair = head - 2 == at and {tokens[at].lower, tokens[head].lower} <= SEX_AND_AGE.keys()
    pair = coordinated_sexes(tokens, at, head + 1) if is_pair else None
    counted = "victims"
    if pair is not None:
        labels, words = [pair[0]], []
    elif is_person and noun in SELF_PARTS:
        labels = joined(labels, Label(*SELF_PARTS[noun]))
    elif noun in NATIONAL_NOUNS and labels:
        # `foreign nationals` keep their noun; the name of a country does without one.
        part, axis = labels[-1].part, labels[-1].axis
        is_word = part == "foreign" or "-" in part or part.isupper()
        named = f"{part} {noun}" if axis == "nationality" and is_word else part
        labels = [*labels[:-1], Label(named, axis)]
    elif noun in NATIONAL_NOUNS:
        labels, words = [Label(" ".join([*words, noun]), "nationality")], []
    else:
        counted = noun
    return NounPhrase(at, head, noun, is_person, (*words, counted), tuple(labels))


def _key(token: Token) -> str:
    return token.text if token.text in NOUNS else token.lower


def _modifiers(inner: list[Token], noun: str) -> tuple[list[Label], list[Token]]:
    """The parts that words before a noun name, and the words that are left of them."""
    words = {each.lower for each in inner}
    is_everybody = words & {"and", "or"} and words & {"adult", "female", "male", "child"}
    if is_everybody and not words & {"sex", "labor"}:
        # `adult and child victims`
        return [], inner
    labels: list[Label] = []
    left: list[Token] = []
    index = 0
    while index < len(inner):
        found = label_at(inner, index, len(inner), noun)
        label, following = found or (None, index + 1)
        if label is not None:
            labels = joined(labels, label)
        else:
            left.append(inner[following - 1])
        index = following
    return labels, left


def _head(tokens: Sequence[Token], at: int, end: int) -> int | None:
    """The place of the phrase's noun: the last noun before a word that ends the phrase."""
    found, index, limit = None, at, min(end, at + MAX_MODIFIERS)
    while index < limit:
        token, word = tokens[index], tokens[index].lower
        if _key(token) in NOUNS and not _is_modifier_noun(tokens, index, limit):
            found = index
            following = _continued(tokens, index + 1, limit)
            if following is None:
                break
            index = following
            continue
        if not token.is_word:
            if token.text not in MARKS or found is not None or index == at:
                break
        elif word in {"and", "or"}:
            if index == at or (found is None and not _leads_to_noun(tokens, index + 1, limit)):
                break
        elif is_number(token) or word in STOPS or word in AUXILIARIES:
            break
        elif word in ADJECTIVAL:
            is_verb = VERBS.get(word, ("", "base"))[1] != "base"
            if is_verb and not _leads_to_noun(tokens, index + 1, limit):
                break
        elif VERBS.get(word, ("", "base"))[1] != "base" or word in PAST_SPEECH:
            break
        index += 1
    return found


def qualifier_before(tokens: Sequence[Token], number: int) -> tuple[int, str]:
    """Return where a number begins with its qualifier, such as `at least`, and the qualifier."""
    for size in (3, 2, 1):
        words = tuple(words_at(tokens, number - size, number))
        if number >= size and words in QUALIFIERS:
            return number - size, QUALIFIERS[words]
    return number, ""


def is_number(token: Token) -> bool:
    """Return whether a token is a number or begins with one in words."""
    return token.text[0].isdigit() or token.lower.split("-")[0] in SMALL


def _continued(tokens: Sequence[Token], at: int, limit: int) -> int | None:
    """Return where the phrase goes on after a noun: `victims and potential victims`.

    None at its end.
    """
    if at >= limit:
        return None
    word, before = tokens[at].lower, tokens[at - 1].lower
    if word in {"and", "or"} and _leads_to_person(tokens, at + 1, limit):
        return at + 1
    if word == "," and before in PERSON_NOUNS and before not in {"victims", *SELF_PARTS}:
        return _listed(tokens, at + 1, limit + 8)
    is_noun = _key(tokens[at]) in NOUNS and tokens[at].is_word
    return at if is_noun and before != "victims" else None


def _listed(tokens: Sequence[Token], at: int, limit: int) -> int | None:
    """The last noun of `police officers, prosecutors, and judges`; None if it is no list."""
    seen_and = False
    for index in range(at, min(limit, len(tokens))):
        token = tokens[index]
        if _ends(token) or (not token.is_word and token.text != ","):
            return None
        seen_and = seen_and or token.lower == "and"
        if seen_and and NOUNS.get(_key(token)) in PERSON_NOUNS:
            return index
    return None


def _ends(token: Token) -> bool:
    """Return whether a word ends a phrase: a number, a preposition, a verb."""
    word = token.lower
    return is_number(token) or word in STOPS or (word in VERBS and word not in ADJECTIVAL)


def _leads_to_noun(tokens: Sequence[Token], at: int, limit: int) -> bool:
    """Return whether a noun follows before anything that ends a phrase."""
    for token in tokens[at : min(limit, at + 7)]:
        if _key(token) in NOUNS and not is_number(token):
            return True
        if _ends(token) or (not token.is_word and token.text not in {",", "/", "“", "”", '"'}):
            return False
    return False


def _leads_to_person(tokens: Sequence[Token], at: int, limit: int) -> bool:
    """Return whether a coordinated noun for persons follows, not a new subject with its verb."""
    for index in range(at, min(limit, at + 5)):
        token = tokens[index]
        if not token.is_word or _ends(token):
            return False
        if _key(token) in NOUNS:
            noun = NOUNS[_key(token)]
            following = tokens[index + 1].lower if index + 1 < len(tokens) else ""
            if following in AUXILIARIES or following in VERBS or following in SPEECH:
                # `victims and NGOs assisted` begins a clause, `men and women were` does not.
                goes_on = following in {"were", "was", "identified", "assisted", "in"}
                return goes_on and noun in SELF_PARTS
            return noun in PERSON_NOUNS
    return False


def _is_modifier_noun(tokens: Sequence[Token], index: int, limit: int) -> bool:
    """Return whether a noun only modifies the next one, as `child` in `child victims`."""
    if index + 1 >= limit or tokens[index].lower in {"victims", "persons", "individuals"}:
        return False
    token, following = tokens[index], tokens[index + 1]
    word = following.lower
    if word in {"and", "or"}:
        is_pair = token.lower in {"adult", "child", "female", "male"}
        return is_pair and _leads_to_noun(tokens, index + 2, limit)
    if not following.is_word or word in STOPS:
        return False
    is_verb = word in VERBS or word in SPEECH
    return (word in MODIFIERS or not is_verb) and _leads_to_noun(tokens, index + 1, limit)
