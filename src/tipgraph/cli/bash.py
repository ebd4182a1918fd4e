"""Completion in bash, which splits words at equals signs."""

from click.shell_completion import BashComplete, CompletionItem, add_completion_class


class Bash(BashComplete):
    """Bash splits `indicator=vic` into three words and wants only the last one completed."""

    def get_completion_args(self) -> tuple[list[str], str]:
        words, incomplete = super().get_completion_args()
        self._prefix = ""
        if incomplete == "=" and words:
            incomplete = ""
            words.append("=")
        if words[-1:] == ["="] and len(words) > 1:
            self._prefix = f"{words[-2]}="
            words, incomplete = words[:-2], self._prefix + incomplete
        return _rejoined(words), incomplete

    def format_completion(self, item: CompletionItem[str]) -> str:
        item.value = item.value.removeprefix(self._prefix)
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
