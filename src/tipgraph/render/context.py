"""The texts that explain the rows of a query to a reader."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from tipgraph.entities.editions import Scope
from tipgraph.queries.other_publishers import OtherPublishers
from tipgraph.store.engine import Engine


@dataclass(frozen=True)
class AnswerContext:
    """The texts that explain rows to a reader.

    `title` is the question that they answer, `summary` and `description` say what they are, and
    `meanings` what the columns contain. `shown` has the columns to show by default, none for all.
    `tables` is the column whose values are tables of their own, if any, `scope` the editions asked,
    and `others` the publishers that have figures on the same.
    """

    engine: Engine
    title: str
    summary: str
    description: str = ""
    meanings: Mapping[str, str] = field(default_factory=dict)
    shown: tuple[str, ...] = ()
    tables: str = ""
    scope: Scope | None = None
    others: OtherPublishers | None = None


def editions_line(scope: Scope) -> str:
    """The editions that were asked, and how to ask others if the default left some out."""
    if scope.is_default:
        return f"newest editions: {scope.description} (--edition all for all)"
    return f"editions: {scope.description}"
