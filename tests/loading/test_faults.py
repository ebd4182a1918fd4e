"""Each fault of a network or a server, at each request of a load, before real stores.

Whatever happens: the graph is what it was or what it is to be, success is told only where all is
done, and no graph is left on its way, or else the error names it with the command that removes it.
"""

import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from email.utils import formatdate

import pytest

from tests import proxy
from tests.loading.conftest import GRAPH, NEW, OLD, Lab
from tests.loading.steps import At, step
from tests.proxy import Fault, status

pytestmark = pytest.mark.store


@dataclass(frozen=True)
class Kind:
    """A fault, and what is to be made of it.

    `passes`: it may be gone at the next try. `is_done`: the server has done what was asked.
    `is_clear`: the client can tell that nothing was done.
    """

    name: str
    fault: Fault
    passes: bool = True
    is_done: bool = False
    is_clear: bool = False


def retry_after(value: Callable[[], str]) -> Callable[[], dict[str, str]]:
    return lambda: {"Retry-After": value()}


def challenge() -> dict[str, str]:
    return {"WWW-Authenticate": 'Basic realm="store"'}


def instead(code: int, name: str = "", headers: Callable[[], dict[str, str]] = dict) -> Kind:
    """An answer with this status, of which the server knows nothing."""
    passes = code in (429, 502, 503, 504)
    return Kind(name or str(code), status(code, headers=headers), passes, is_clear=code < 500)


def after(code: int, name: str = "", headers: Callable[[], dict[str, str]] = dict) -> Kind:
    """An answer with this status, though the server has done what was asked."""
    fault = status(code, after=True, headers=headers)
    kind = instead(code, name or f"{code}-after", headers)
    return replace(kind, fault=fault, is_done=True, is_clear=False)


def now() -> str:
    return formatdate(usegmt=True)


INSTEAD = [
    instead(401, headers=challenge),
    instead(403),
    instead(404),
    instead(413),
    instead(429, "429-seconds", retry_after(lambda: "0")),
    instead(429, "429-date", retry_after(now)),
    instead(500),
    instead(502),
    instead(503),
    instead(503, "503-seconds", retry_after(lambda: "0")),
    instead(504),
    instead(507),
]
AFTER = [
    after(401, headers=challenge),
    after(403),
    after(404),
    after(413),
    after(429, "429-after", retry_after(lambda: "0")),
    after(500),
    after(502),
    after(503, "503-after", retry_after(lambda: "0")),
    after(504),
]
REFUSED = Kind("refused", proxy.refused(0.02), is_clear=True)
BROKEN = [
    Kind("reset-at-once", proxy.reset_within(0)),
    Kind("reset-within", proxy.reset_within(40)),
    Kind("request-lost", proxy.request_lost),
    Kind("reply-lost", proxy.reply_lost, is_done=True),
    Kind("cut", proxy.cut(0.99), is_done=True),
    Kind("cut-head", proxy.cut(0.1), is_done=True),
    Kind("page", proxy.page, passes=False),
]
SILENT = [
    Kind("hanging", proxy.hanging),
    Kind("answerless", proxy.answerless, is_done=True),
]
ALL = [*INSTEAD, *AFTER, *BROKEN, *SILENT]

READING = ["ledger", "count", "verify", "ask", "look"]
WRITING = ["put", "expect", "move", "note"]
# What a place is on the wire, where its name alone does not tell.
MEANT = {"ask": ("ask", "move"), "gone": ("ask", "drop")}

BOTH = ("oxigraph", "virtuoso")


def at(place: str) -> At:
    return At(*MEANT.get(place, (place,)))


def each(kinds: Iterable[Kind], stores: Iterable[str] = BOTH) -> pytest.MarkDecorator:
    """Runs a test with each of the faults on each of the stores."""
    kinds = list(kinds)
    cells = [
        pytest.param(store, kind, id=f"{store}-{kind.name}") for store in stores for kind in kinds
    ]
    return pytest.mark.parametrize(("site", "kind"), cells, indirect=["site"])


def crossed(
    kinds: Iterable[Kind], places: Iterable[str], stores: Iterable[str] = BOTH
) -> Iterator[object]:
    """Each of the faults at each of the places on each of the stores."""
    kinds, places = list(kinds), list(places)
    for store in stores:
        for kind in kinds:
            for place in places:
                yield pytest.param(store, kind, place, id=f"{store}-{kind.name}-at-{place}")


def everywhere(*cells: Iterator[object]) -> pytest.MarkDecorator:
    """Runs a test in each of these cells."""
    return pytest.mark.parametrize(
        ("site", "kind", "place"), [cell for some in cells for cell in some], indirect=["site"]
    )


def patience(kind: Kind) -> list[object]:
    """The option that says how long to wait: not long for an answer that never comes."""
    return ["--timeout", 0.2] if kind in SILENT else []


@each(kind for kind in [*ALL, REFUSED] if kind.passes)
def test_that_a_load_survives_what_passes_at_every_request(lab: Lab, kind: Kind) -> None:
    for place in ["detect", *READING, *WRITING]:
        if place != "move":
            lab.proxy.spoil(kind.fault, at(place), times=1)

    outcome = lab.load(*patience(kind))

    assert lab.proxy.is_spent
    assert outcome.code == 0, outcome.err
    lab.check(outcome.code, outcome.err)


@everywhere(
    crossed(
        (kind for kind in [*INSTEAD, *BROKEN] if not kind.passes), [*READING, "put"], ["oxigraph"]
    ),
    crossed((kind for kind in [*INSTEAD, *BROKEN] if not kind.passes), ["expect", "note"]),
    crossed((kind for kind in AFTER if not kind.passes), ["put", "expect", "note"], ["oxigraph"]),
)
def test_that_what_does_not_pass_is_told(lab: Lab, kind: Kind, place: str) -> None:
    lab.proxy.spoil(kind.fault, at(place), times=1)

    outcome = lab.load(*patience(kind))

    assert lab.proxy.is_spent
    assert outcome.code == 4, outcome.err
    assert lab.site.content(GRAPH) == (NEW if place in ("ask", "look", "note") else OLD)
    lab.check(outcome.code, outcome.err)


# Of a reply, the head alone is looked at.
@each([*INSTEAD, *(kind for kind in BROKEN if kind.name != "cut")], ["oxigraph"])
def test_that_a_store_that_cannot_be_detected_is_told(lab: Lab, kind: Kind) -> None:
    lab.proxy.spoil(kind.fault, at("detect"))

    outcome = lab.load()

    assert outcome.code == 4
    assert {step(request) for request in lab.proxy.seen} == {"detect"}
    assert lab.site.content(GRAPH) == OLD
    lab.check(outcome.code, outcome.err)


@each([*ALL, REFUSED])
def test_that_a_move_is_asked_about_and_not_believed(lab: Lab, kind: Kind) -> None:
    # Connections are refused after a request, here after the one before.
    lab.proxy.spoil(kind.fault, at("expect" if kind is REFUSED else "move"), times=1)
    if kind.is_clear:
        code = 0 if kind.passes else 4
    else:
        # Virtuoso must not be asked to move again what may be on its way.
        code = 0 if kind.is_done or not lab.site.is_virtuoso else 4

    outcome = lab.load(*patience(kind))

    assert lab.proxy.is_spent
    assert outcome.code == code, outcome.err
    assert lab.site.content(GRAPH) == (OLD if code else NEW)
    lab.check(outcome.code, outcome.err)


@everywhere(
    crossed([*INSTEAD, *BROKEN, *SILENT, REFUSED], ["drop"], ["oxigraph"]),
    crossed([*INSTEAD[6:9], *BROKEN, *SILENT, REFUSED], ["gone"], ["oxigraph"]),
    crossed([INSTEAD[6], BROKEN[3]], ["drop", "gone"], ["virtuoso"]),
)
def test_that_a_fault_on_the_way_out_leaves_nothing_unnamed(
    lab: Lab, kind: Kind, place: str
) -> None:
    lab.proxy.spoil(status(413), at("expect"), times=1)
    lab.proxy.spoil(kind.fault, at(place), times=1)

    outcome = lab.load(*patience(kind))

    assert lab.proxy.is_spent
    assert outcome.code == 4
    assert "does not take that much in one request" in outcome.err
    assert lab.site.content(GRAPH) == OLD
    lab.check(outcome.code, outcome.err)


GONE = [INSTEAD[8], BROKEN[3], BROKEN[6], replace(REFUSED, fault=proxy.refused())]


@everywhere(
    crossed(GONE[::3], ["detect", *READING, *WRITING], ["oxigraph"]),
    crossed(GONE[1:3], WRITING, ["oxigraph"]),
    crossed(GONE[:2], WRITING, ["virtuoso"]),
)
def test_that_a_store_that_is_gone_for_good_is_told(lab: Lab, kind: Kind, place: str) -> None:
    first = at(place)
    lab.proxy.spoil(kind.fault, lambda request: first(request) or lab.proxy.struck.is_set())

    outcome = lab.load()

    # The last connection that was to be refused may be that after the last request.
    assert outcome.code == (0 if place == "note" and kind.name == "refused" else 4)
    if place in READING[:2] or place == "expect":
        assert lab.site.content(GRAPH) == OLD
    lab.check(outcome.code, outcome.err)


@pytest.mark.parametrize("site", ["oxigraph"], indirect=True)
@pytest.mark.parametrize("place", [*READING, *WRITING])
def test_that_one_request_that_never_gets_through_is_told(lab: Lab, place: str) -> None:
    lab.proxy.spoil(status(503), at(place))

    outcome = lab.load()

    assert outcome.code == 4
    assert "failed with status 503" in outcome.err
    lab.check(outcome.code, outcome.err)


@pytest.mark.parametrize("site", ["oxigraph"], indirect=True)
@pytest.mark.parametrize(("times", "code"), [(5, 0), (6, 4)])
def test_that_a_request_is_tried_so_often_and_no_more(lab: Lab, times: int, code: int) -> None:
    lab.proxy.spoil(status(502), at("verify"), times)

    outcome = lab.load()

    assert lab.proxy.is_spent
    assert outcome.code == code
    lab.check(outcome.code, outcome.err)


@pytest.mark.parametrize("site", ["oxigraph"], indirect=True)
@pytest.mark.parametrize(
    ("code", "value"),
    [(429, lambda: formatdate(time.time() + 2, usegmt=True)), (503, lambda: "1")],
    ids=["429-date", "503-seconds"],
)
def test_that_a_store_that_wants_to_be_left_alone_is(
    lab: Lab, code: int, value: Callable[[], str]
) -> None:
    lab.proxy.spoil(status(code, headers=retry_after(value)), at("expect"), times=1)
    begun = time.monotonic()

    outcome = lab.load()

    assert outcome.code == 0
    assert time.monotonic() - begun >= 1
    lab.check(outcome.code, outcome.err)


@pytest.mark.parametrize("site", ["oxigraph"], indirect=True)
@pytest.mark.parametrize("value", ["3600", "Fri, 31 Dec 2100 23:59:59 GMT"])
@pytest.mark.parametrize("place", ["put", "verify", "move"])
def test_that_nobody_waits_for_an_hour(lab: Lab, value: str, place: str) -> None:
    lab.proxy.spoil(status(429, headers=retry_after(lambda: value)), at(place))

    outcome = lab.load()

    assert outcome.code == 4
    assert "it asks to come back in " in outcome.err
    assert [step(request) for request in lab.proxy.seen].count(place) == 1
    lab.check(outcome.code, outcome.err)


def test_that_a_slow_store_is_waited_for(lab: Lab) -> None:
    for place in ["detect", *READING, *WRITING]:
        lab.proxy.spoil(proxy.slow(0.1), at(place), times=1)

    outcome = lab.load()

    assert lab.proxy.is_spent
    assert outcome.code == 0
    lab.check(outcome.code, outcome.err)


@each([*BROKEN, *SILENT, *INSTEAD[6:9]], ["oxigraph"])
def test_that_what_is_read_back_is_no_proof_when_it_is_broken(lab: Lab, kind: Kind) -> None:
    lab.proxy.spoil(kind.fault, at("read back"))

    outcome = lab.load("--verify", "full", *patience(kind))

    assert lab.proxy.struck.is_set()
    assert outcome.code == 4
    assert lab.site.content(GRAPH) == OLD
    lab.check(outcome.code, outcome.err)


def test_that_an_upload_that_arrives_late_is_swept_or_named(lab: Lab) -> None:
    lab.proxy.spoil(proxy.late, at("put"))

    outcome = lab.load("--timeout", 0.2)

    assert outcome.code == 4
    assert lab.site.content(GRAPH) == OLD
    lab.check(outcome.code, outcome.err)


def test_that_a_move_that_arrives_late_spoils_nothing(lab: Lab) -> None:
    lab.proxy.spoil(proxy.late, at("move"))

    outcome = lab.load("--timeout", 0.2)

    assert outcome.code == 4
    assert lab.site.content(GRAPH) == OLD
    lab.check(outcome.code, outcome.err)


@pytest.mark.parametrize("is_asked", [True, False])
def test_that_a_graph_that_was_removed_on_its_way_is_not_taken_for_moved(
    lab: Lab, is_asked: bool
) -> None:
    def swept(exchange: proxy.Exchange) -> None:
        """Somebody else cleans up just before the move."""
        lab.site.update("; ".join(f"DROP SILENT GRAPH <{it}>" for it in lab.site.staging()))
        (proxy.passed if is_asked else proxy.request_lost)(exchange)

    lab.proxy.spoil(swept, at("move"), times=1)

    outcome = lab.load()

    assert outcome.code == 4
    assert lab.site.noted()[GRAPH] is None


def test_that_a_load_after_a_broken_one_makes_all_good(lab: Lab) -> None:
    lab.proxy.spoil(proxy.reply_lost, at("note"))
    assert lab.load().code == 4
    lab.proxy.heal()

    outcome = lab.load()

    lab.check(outcome.code, outcome.err)
