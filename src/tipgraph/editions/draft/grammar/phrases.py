"""Noun phrases after a number, and the parts of a total that words name."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from tipgraph.editions.draft.numerals import SMALL
from tipgraph.editions.draft.tokens import Token
from tipgraph.editions.draft.words import (
    AGE_WORDS,
    AUXILIARIES,
    CURRENCY_WORDS,
    EXPLOITATION,
    EXPLOITATION_MODIFIERS,
    FOREIGN,
    NOUNS,
    PERSON_NOUNS,
    PRESUMED,
    SELF_PARTS,
    SEX_AND_AGE,
    SEX_WORDS,
    SPEECH,
    STATUS_WORDS,
    VERBS,
    country_names,
    demonyms,
)

MAX_MODIFIERS = 14
# Words at which a noun phrase ends.
STOPS = {
    "of", "in", "to", "from", "by", "for", "with", "at", "through", "during", "under", "on",
    "among", "between", "including", "as", "via", "who", "whom", "whose", "that", "which", "than",
    "compared", "while", "but", "were", "was", "are", "is", "had", "have", "has", "did", "do",
    "would", "could", "may", "might", "will", "can", "since", "after", "before", "because",
    "when", "where", "if", "also", "not", "per", "throughout", "within", "without", "into",
    "until", "versus", "respectively", "the", "a", "an", "this", "these", "those", "there",
    "its", "their", "it", "they", "he", "she", "we", "remained", "became", "subjected",
    "exploited", "whether", "about", "against", "over", "across", "abroad", "overseas", "only",
    "each", "upon", "such", "all", "none", "down", "up", "increased", "decreased", "came",
}  # fmt: skip
# Participles that stand before a noun as an adjective.
ADJECTIVAL = {
    "identified", "confirmed", "registered", "suspected", "recognized", "certified", "assisted",
    "sheltered", "referred", "trained", "rescued", "unaccompanied", "repatriated", "documented",
    "funded", "detained", "missing", "enrolled", "returned", "dedicated", "specialized", "closed",
    "opened", "exploited", "recorded", "verified", "determined", "screened", "training",
    "returning", "open", "alleged", "reported", "estimated", "supported", "serving", "arrested",
    "operating", "maintained", "designated", "counseling", "interviewed", "managed", "organized",
    "run", "placed", "smuggled", "presumed", "convicted", "displaced", "stranded", "housed",
}  # fmt: skip
NATIONAL_NOUNS = {"nationals", "national", "citizens", "citizen"}
FORM_WORDS = {"forms", "form", "types", "type", "kinds", "purposes", "purpose", "activity",
              "activities", "acts", "combination", "combinations"}  # fmt: skip
UNKNOWN = {"unknown", "unspecified", "undetermined", "unidentified", "undisclosed", "uncategorized"}


@dataclass(frozen=True)
class Label:
    """A part of a total and its axis."""

    part: str
    axis: str


TOTAL = Label("total", "total")


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
    labels: tuple[Label, ...] = field(default=())

    @property
    def text(self) -> str:
        return " ".join(self.words).replace(" ,", ",")

    @property
    def is_presumed(self) -> bool:
        return any(each in PRESUMED for each in self.words)


def noun_phrase(tokens: Sequence[Token], at: int, end: int) -> NounPhrase | None:
    """The noun phrase that begins at a token; None where no noun follows the number."""
    head = _head(tokens, at, end)
    if head is None:
        return None
    plural = NOUNS[_noun_key(tokens[head])]
    is_person = plural in PERSON_NOUNS
    inner = list(tokens[at:head])
    labels, left = _split_modifiers(inner, plural) if is_person else ([], _written(inner))
    own = SELF_PARTS.get(plural)
    words = [_lower_first(each) for each in left]
    noun_word = plural
    pair = _coordinated_sexes(tokens, head - 2, head + 1) if _is_pair(tokens, at, head) else None
    if pair is not None:
        labels, words, noun_word = [pair[0]], [], "victims"
    elif own and is_person:
        labels = _joined(labels, Label(*own))
        noun_word = "victims"
        if labels and labels[-1].part in {"foreigners"}:
            noun_word = "victims"
    elif plural in NATIONAL_NOUNS and labels:
        labels = [*labels[:-1], _with_noun(labels[-1], plural)]
        noun_word = "victims"
    elif plural in NATIONAL_NOUNS:
        labels, words = [Label(" ".join([*words, plural]), "nationality")], []
        noun_word = "victims"
    return NounPhrase(at, head, plural, is_person, (*words, noun_word), tuple(labels))


def _written(inner: list[Token]) -> list[Token]:
    return [each for each in inner if each.is_word]


def _is_pair(tokens: Sequence[Token], at: int, head: int) -> bool:
    """Whether `women and girls` is all of the phrase."""
    return head - 2 == at and all(tokens[each].lower in SEX_AND_AGE for each in (at, head))


def _with_noun(label: Label, noun: str) -> Label:
    """`foreign nationals` keep their noun; the name of a country does without one."""
    if label.axis == "nationality" and (label.part == "foreign" or "-" in label.part or
                                        label.part.isupper()):  # fmt: skip
        return Label(f"{label.part} {noun}", "nationality")
    return label


def _noun_key(token: Token) -> str:
    return token.text if token.text in NOUNS else token.lower


def _head(tokens: Sequence[Token], at: int, end: int) -> int | None:
    """The place of the phrase's noun: the last noun before a word that ends the phrase."""
    found = None
    index = at
    limit = min(end, at + MAX_MODIFIERS)
    while index < limit:
        token = tokens[index]
        word = token.lower
        if _noun_key(token) in NOUNS and not _is_modifier_noun(tokens, index, limit):
            found = index
            following = _continued(tokens, index + 1, limit)
            if following is None:
                break
            index = following
            continue
        if not token.is_word:
            if (
                token.text in {",", "/", "“", '"', "”", "-", "+", "\u2019", "'"}
                and found is None
                and index > at
            ):
                index += 1
                continue
            break
        if is_number(token):
            break
        if word in STOPS or word in AUXILIARIES:
            break
        is_verb = word in VERBS and VERBS[word][1] in {"past", "gerund", "present"}
        if is_verb and not (word in ADJECTIVAL and _leads_to_noun(tokens, index + 1, limit)):
            break
        if word in SPEECH and word not in ADJECTIVAL and SPEECH[word][1] == "past":
            break
        if word in {"and", "or"} and (index == at or (
            found is None and not _leads_to_noun(tokens, index + 1, limit)
        )):  # fmt: skip
            break
        index += 1
    return found


def is_number(token: Token) -> bool:
    """Whether a token is a number or begins with one in words."""
    return token.text[0].isdigit() or token.lower.split("-")[0] in SMALL


def _continued(tokens: Sequence[Token], at: int, limit: int) -> int | None:
    """Where the phrase goes on after a noun: `victims and potential victims`; None at its end."""
    if at >= limit:
        return None
    word = tokens[at].lower
    if word in {"and", "or"} and _leads_to_person(tokens, at + 1, limit):
        return at + 1
    before = tokens[at - 1].lower
    if word == "," and before in PERSON_NOUNS and before not in {"victims", *SELF_PARTS}:
        return _listed(tokens, at + 1, limit + 8)
    if _noun_key(tokens[at]) in NOUNS and tokens[at].is_word and before != "victims":
        return at
    if word == "-" and at + 1 < limit and _noun_key(tokens[at + 1]) in NOUNS:
        return at + 1
    return None


def _listed(tokens: Sequence[Token], at: int, limit: int) -> int | None:
    """The last noun of `police officers, prosecutors, and judges`; None if it is no list."""
    seen_and, last = False, None
    for index in range(at, min(limit, len(tokens))):
        token, word = tokens[index], tokens[index].lower
        if is_number(token) or word in STOPS or (word in VERBS and word not in ADJECTIVAL):
            break
        if not token.is_word and token.text != ",":
            break
        seen_and = seen_and or word == "and"
        if _noun_key(token) in NOUNS and NOUNS[_noun_key(token)] in PERSON_NOUNS:
            last = index
            if seen_and:
                return last
    return None


def _leads_to_noun(tokens: Sequence[Token], at: int, limit: int) -> bool:
    """Whether a noun follows before anything that ends a phrase."""
    for index in range(at, min(limit, at + 7)):
        token = tokens[index]
        if is_number(token):
            return False
        if _noun_key(token) in NOUNS:
            return True
        if not token.is_word and token.text not in {",", "/", "“", "”", '"'}:
            return False
        word = token.lower
        if word in STOPS or (word in VERBS and word not in ADJECTIVAL):
            return False
    return False


def _leads_to_person(tokens: Sequence[Token], at: int, limit: int) -> bool:
    """Whether a coordinated noun for persons follows, not a new subject with its verb."""
    for index in range(at, min(limit, at + 5)):
        token = tokens[index]
        word = token.lower
        if is_number(token):
            return False
        if not token.is_word or word in STOPS or (word in VERBS and word not in ADJECTIVAL):
            return word in {"their"} and _leads_to_person(tokens, index + 1, limit)
        if _noun_key(token) in NOUNS:
            following = tokens[index + 1] if index + 1 < len(tokens) else None
            if following and (following.lower in AUXILIARIES or _is_verb(following)):
                # `victims and NGOs assisted` begins a clause, `men and women were` does not.
                return following.lower in {"were", "was", "identified", "assisted", "in"} and (
                    NOUNS[_noun_key(token)] in SELF_PARTS
                )
            return NOUNS[_noun_key(token)] in PERSON_NOUNS
    return False


def _is_verb(token: Token) -> bool:
    return token.lower in VERBS or token.lower in SPEECH


def _is_modifier_noun(tokens: Sequence[Token], index: int, limit: int) -> bool:
    """Whether a noun only modifies the next one, as `child` in `child victims`."""
    if index + 1 >= limit:
        return False
    token, following = tokens[index], tokens[index + 1]
    if token.lower in {"victims", "persons", "individuals"}:
        return False
    if following.lower in {"and", "or"} and token.lower in {"adult", "child", "female", "male"}:
        return _leads_to_noun(tokens, index + 2, limit)
    if not following.is_word or following.lower in STOPS or following.lower in {"and", "or"}:
        return False
    if _noun_key(following) in NOUNS:
        return True
    known = following.lower in EXPLOITATION | EXPLOITATION_MODIFIERS | STATUS_WORDS | ADJECTIVAL
    return (known or following.lower in SEX_WORDS or not _is_verb(following)) and (
        _leads_to_noun(tokens, index + 1, limit)
    )


def _lower_first(token: Token) -> str:
    return token.text


def _split_modifiers(inner: list[Token], noun: str) -> tuple[list[Label], list[Token]]:
    """The parts that words before a noun name, and the words that are left of them."""
    if any(each.lower in {"and", "or"} for each in inner):
        joined = {each.lower for each in inner}
        if joined & {"adult", "female", "male", "child"} and not joined & {"sex", "labor"}:
            # `adult and child victims` is everybody.
            return [], inner
    labels: list[Label] = []
    left: list[Token] = []
    index = 0
    while index < len(inner):
        found = _label_at(inner, index, len(inner), noun)
        if found is None:
            left.append(inner[index])
            index += 1
            continue
        label, index = found
        if label is not None:
            labels = _joined(labels, label)
        else:
            left.append(inner[index - 1])
    # What exploitation leaves over of `sex trafficking`.
    return labels, [each for each in left if each.is_word or each.text in {"-", ","}]


def _joined(labels: list[Label], label: Label) -> list[Label]:
    """The labels with another; sex and age that stand together are one part."""
    if labels and label.axis in {"age", "sex"} and labels[-1].axis in {"age", "sex"}:
        last = labels[-1]
        if last.axis != label.axis:
            return [*labels[:-1], Label(_sex_and_age(last, label), "sex and age")]
        if last.part == label.part:
            return labels
    if labels and label.axis == "sex and age" and labels[-1].axis in {"sex", "age"}:
        return [*labels[:-1], label]
    return [*labels, label]


def _sex_and_age(first: Label, second: Label) -> str:
    singular = {"children": "child", "adults": "adult", "minors": "minor", "juveniles": "juvenile"}
    plural = {"female": "females", "male": "males"}
    if first.axis == "age":
        noun = plural.get(second.part, second.part)
        return f"{singular.get(first.part, first.part)} {noun}"
    return f"{first.part} {second.part}"


def labels_in(tokens: Sequence[Token], first: int, end: int) -> list[Label]:
    """The parts that the words from `first` up to `end` name, in their order."""
    labels: list[Label] = []
    index = first
    while index < end:
        found = _label_at(tokens, index, end, "")
        if found is None:
            index += 1
            continue
        label, index = found
        if label is not None and label not in labels:
            labels = _joined(labels, label)
    return labels


def _label_at(
    tokens: Sequence[Token], index: int, end: int, noun: str
) -> tuple[Label | None, int] | None:
    """The part that begins at a token, and the place after it; None if no part begins there."""
    token = tokens[index]
    word = token.lower
    if token.text == "\u201c":
        return _quoted(tokens, index, end)
    if not token.is_word:
        return None
    following = tokens[index + 1].lower if index + 1 < end else ""
    if word in {"child", "children"} and following == "trafficking" and noun in PERSON_NOUNS:
        return Label("children", "age"), index + 1
    exploitation = _exploitation(tokens, index, end)
    if exploitation is not None:
        return exploitation
    if word.startswith("lgbt"):
        at = index + 1
        while at < end and tokens[at].text in {"+", "-"}:
            at += 1
        if at < end and tokens[at].lower in NOUNS:
            return Label(
                f"{token.text}+ {NOUNS[tokens[at].lower]}".replace("++", "+"), "other"
            ), at + 1
        return Label("LGBTQI+ persons", "other"), at
    if word in SEX_WORDS:
        return Label(SEX_WORDS[word], "sex"), index + 1
    if word in SEX_AND_AGE:
        part = SEX_AND_AGE[word]
        both = _coordinated_sexes(tokens, index, end)
        if both:
            return both
        return Label(part, "sex" if part in {"women", "men"} else "sex and age"), index + 1
    if word == "unaccompanied" and following in AGE_WORDS:
        return Label(f"unaccompanied {AGE_WORDS[following]}", "age"), index + 2
    if word in AGE_WORDS:
        return Label(AGE_WORDS[word], "age"), index + 1
    nationality = _nationality(tokens, index, end)
    if nationality is not None:
        return nationality
    if word in {"older", "elderly"} and following in {"persons", "people", "adults"}:
        return Label(f"{word} {following}", "age"), index + 2
    younger = _younger(tokens, index, end)
    if younger is not None:
        return younger
    if word == "from":
        return _origin(tokens, index + 1, end)
    if word == "undocumented" and following in {"migrants", "migrant"}:
        return Label("undocumented migrants", "residence"), index + 2
    if word in {"asylum-seeker", "asylum-seekers"}:
        return Label("asylum-seekers", "residence"), index + 1
    if word == "asylum" and following in {"seekers", "seeker", "applicants"}:
        return Label(
            f"asylum {'seekers' if following == 'seeker' else following}", "residence"
        ), index + 2
    if word in {"refugee", "refugees"}:
        return Label("refugees", "residence"), index + 1
    if word in UNKNOWN and following not in {"forms", "types"}:
        about = {each.lower for each in tokens[max(0, index - 6) : min(end, index + 4)]}
        axis = "sex" if about & {"gender", "sex"} else "age" if about & {"age"} else (
            "nationality" if about & {"nationality", "origin", "citizenship"}
            else "exploitation")  # fmt: skip
        part = {"sex": "gender ", "age": "age ", "nationality": "nationality "}.get(axis, "")
        return Label(f"{part}{word}", axis), index + 1
    return None


def _coordinated_sexes(tokens: Sequence[Token], index: int, end: int) -> tuple[Label, int] | None:
    """`women and girls` as one part."""
    if index + 2 >= end or tokens[index + 1].lower != "and":
        return None
    second = SEX_AND_AGE.get(tokens[index + 2].lower)
    first = SEX_AND_AGE[tokens[index].lower]
    if not second or second == first:
        return None
    axis = "sex" if {first, second} in ({"women", "girls"}, {"men", "boys"}) else "sex and age"
    return Label(f"{first} and {second}", axis), index + 3


def _exploitation(tokens: Sequence[Token], index: int, end: int) -> tuple[Label | None, int] | None:
    """A form of exploitation: the longest run of its words, or None.

    A run that says no more than trafficking names no part: its label is None.
    """
    at = index
    last = None
    while at < end and at < index + 16:
        word = tokens[at].lower
        if word in EXPLOITATION:
            last = at
        elif word in FORM_WORDS and (last is not None or at > index):
            following = tokens[at + 1].lower if at + 1 < end else ""
            if following == "of":
                at += 1
            elif last is not None or _is_criminal(tokens, index, at):
                last = at
        elif (word in {"and", "or", "the", "a"} and at > index) or (
            word == "of" and at > index and tokens[at - 1].lower in FORM_WORDS
        ):
            pass
        elif word not in EXPLOITATION_MODIFIERS and not (
            word in UNKNOWN or word == "another" or (word == "both" and at == index)
        ):
            break
        at += 1
    if last is None:
        return None
    first_word = tokens[index].lower
    if first_word in {"the", "a", "and", "or", "of"} or first_word in FORM_WORDS:
        return None
    words = [each.lower for each in tokens[index : last + 1]]
    if first_word == "child" and len(words) > 2 and words[1] in {"sex", "labor", "forced"}:
        return Label("children", "age"), index + 1
    text = _text(tokens, index, last)
    if text.lower() in {"trafficking", "human trafficking", "recruitment", "removal", "crime",
                        "crimes", "labor", "adoption", "marriage", "combat"}:  # fmt: skip
        return None, last + 1
    return Label(text, "exploitation"), last + 1


def _quoted(tokens: Sequence[Token], index: int, end: int) -> tuple[Label, int] | None:
    """A form of exploitation in the law's own words: `“imposing slavery”`."""
    close = next((at for at in range(index + 1, min(end + 2, index + 8, len(tokens)))
                  if tokens[at].text == "\u201d"), None)  # fmt: skip
    if close is None:
        return None
    words = [each.lower for each in tokens[index + 1 : close] if each.is_word]
    if not words or words[-1] not in EXPLOITATION:
        return None
    return Label(" ".join(words), "exploitation"), close + 1


def _is_criminal(tokens: Sequence[Token], index: int, at: int) -> bool:
    """Whether `forced criminal activity` or `other purposes` ends here."""
    words = [each.lower for each in tokens[index:at]]
    return words[-1:] == ["criminal"] or (words[0] in {"other", *UNKNOWN} and len(words) == 1)


def _text(tokens: Sequence[Token], first: int, last: int) -> str:
    """The words as they stand in the text, in lower case unless they are names."""
    words = [each.text if each.text.isupper() else each.lower for each in tokens[first : last + 1]]
    text = " ".join(words)
    for mark in ("-", "/"):
        text = text.replace(f" {mark} ", mark)
    return text


def _nationality(tokens: Sequence[Token], index: int, end: int) -> tuple[Label, int] | None:
    token = tokens[index]
    word = token.lower
    following = tokens[index + 1].lower if index + 1 < end else ""
    if word in {"foreign", "third-country", "non-eu", "non-eea", "non-citizen"} or (
        token.text in {"EU", "EEA"}
    ):
        text = token.text if not token.text[0].isupper() or token.text.isupper() else word
        text = {"non-eu": "non-EU", "non-eea": "non-EEA"}.get(word, text)
        if following in NATIONAL_NOUNS:
            plural = NOUNS[following]
            return Label(f"{text} {plural}", "nationality"), index + 2
        if word in FOREIGN or "-" in word:
            return Label(text, "nationality"), index + 1
        return None
    if word == "foreigners":
        return Label("foreigners", "nationality"), index + 1
    if word in {"citizens", "nationals"}:
        return Label(word, "nationality"), index + 1
    if not token.is_capitalised:
        return None
    pair = f"{token.text} {tokens[index + 1].text}" if index + 1 < end else ""
    for name, size in ((pair, 2), (token.text, 1)):
        key = name if name in demonyms() else name.removesuffix("s")
        if name and key in demonyms():
            after = tokens[index + size].lower if index + size < end else ""
            if after in CURRENCY_WORDS:
                return None
            used = size + (1 if after in NATIONAL_NOUNS else 0)
            return Label(demonyms()[key], "nationality"), index + used
    return None


def _origin(tokens: Sequence[Token], at: int, end: int) -> tuple[Label, int] | None:
    """What follows `from`: a country by its name, or countries in words."""
    start = at
    while at < end and tokens[at].lower in {"the", "both"}:
        at += 1
    first = at
    while at < end and tokens[at].is_word and (
        tokens[at].is_capitalised or (tokens[at].lower in {"of", "and", "the"} and at > first
                                      and at + 1 < end and tokens[at + 1].is_capitalised)
    ):  # fmt: skip
        if tokens[at].lower == "and" and not _is_name_with_and(tokens, first, at, end):
            break
        at += 1
    if at > first:
        name = " ".join(each.text for each in tokens[first:at])
        if name in {"January", "February", "March", "April", "May", "June", "July", "August",
                    "September", "October", "November", "December"}:  # fmt: skip
            return None
        return Label(name, "nationality"), at
    words = [each.lower for each in tokens[start : start + 3]]
    if words[:2] in (
        ["other", "countries"],
        ["unspecified", "countries"],
        ["unknown", "countries"],
    ):
        part = "unspecified countries" if words[0] != "other" else "from other countries"
        return Label(part, "nationality"), start + 2
    if words[:1] == ["abroad"]:
        return Label("from abroad", "nationality"), start + 1
    return None


def _is_name_with_and(tokens: Sequence[Token], first: int, at: int, end: int) -> bool:
    """Whether `and` is within a name, as in `Bosnia and Herzegovina`."""
    names = country_names()
    before = " ".join(each.text for each in tokens[first:at])
    return any(
        f"{before} and {' '.join(each.text for each in tokens[at + 1 : at + 1 + size])}" in names
        for size in (1, 2)
        if at + size < end
    )


def _younger(tokens: Sequence[Token], index: int, end: int) -> tuple[Label, int] | None:
    """`younger than 21`, `under the age of 18`."""
    words = [each.lower for each in tokens[index : min(end, index + 5)]]
    if words[:2] in (["younger", "than"], ["older", "than"]) and len(words) > 2:
        return Label(f"{words[0]} than {words[2]}", "age"), index + 3
    if words[:4] == ["under", "the", "age", "of"] and len(words) > 4:
        return Label(f"under the age of {words[4]}", "age"), index + 5
    if words[:1] == ["under"] and len(words) > 1 and words[1].isdigit():
        return Label(f"under {words[1]}", "age"), index + 2
    return None
