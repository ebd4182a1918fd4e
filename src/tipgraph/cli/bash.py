"""Completion in bash, which cuts words at equals signs."""

from click.shell_completion import BashComplete, CompletionItem, add_completion_class


class Bash(BashComplete):
    """Bash takes `indicator=vic` for three words, and wants only the last one completed."""

    def get_completion_args(self) -> tuple[list[str], str]:
        words, incomplete = super().get_completion_args()
        self._begun = ""
        if incomplete == "=" and words:
            incomplete = ""
            words.append("=")
        if words[-1:] == ["="] and len(words) > 1:
            self._begun = f"{words[-2]}="
            words, incomplete = words[:-2], self._begun + incomplete
        return _rejoined(words), incomplete

    def format_completion(self, item: CompletionItem[str]) -> str:
        item.value = item.value.removeprefix(self._begun)
        return super().format_completion(item)


def _rejoined(words: list[str]) -> list[str]:
    joined: list[str] = []
    for word in words:
        if (word == "=" and joined) or (joined and joined[-1].endswith("=")):
            joined[-1] += word
        else:
            joined.append(word)
    return joined


add_completion_class(Bash)
