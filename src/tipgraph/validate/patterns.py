"""Regular expressions that Python and Rust read alike."""

import re

_ESCAPE = r"\\[dDsSnrt.^$*+?()\[\]{}|/\\-]"
_CLASS = rf"\[\^?(?:[^\]\[\\&~-]|{_ESCAPE}|-(?!-)|&(?!&)|~(?!~))+\]"
_QUANTIFIER = r"(?:(?:[*+?]|\{[0-9]{1,3}(?:,[0-9]{0,3})?\})\??(?![*+?{]))?"
_PIECE = re.compile(
    rf"(?:{_ESCAPE}|{_CLASS}|[^][\\(){{}}*+?|]){_QUANTIFIER}|\((?:\?:)?|\){_QUANTIFIER}|\|"
)


def is_portable(pattern: str) -> bool:
    r"""Return whether the pattern has only syntax that both languages read alike.

    It may have character classes without operators, groups, alternatives, quantifiers, anchors,
    and the escapes \d, \s, \n, \r and \t. \w and \b depend on what counts as a letter.
    """
    try:
        re.compile(pattern)
    except re.error:
        return False
    position = 0
    while position < len(pattern):
        found = _PIECE.match(pattern, position)
        if not found:
            return False
        position = found.end()
    return True
