"""A failed request is sent again after pauses, and its error states the reason."""

import re
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from email.utils import formatdate
from functools import partial
from typing import Any

import pytest
from pyoxigraph import Literal, NamedNode

from tests.conftest import Outcome, Run
from tests.endpoint.fake import FakeStore, is_move, serving
from tests.endpoint.message import StoreRequest, StoreResponse
from tests.store.scripted import FormRequest, Reply, replies, resets, scripted
from tipgraph.endpoint.connection import CompleteResponse, Connection
from tipgraph.endpoint.profiles import RemoteStore, Virtuoso
from tipgraph.endpoint.retry import ConnectError, RequestRefused, ResponseLost, RetryPolicy
from tipgraph.endpoint.settings import Access

DONE = replies("done", media_type="text/plain")
NO_PAUSE = RetryPolicy(first_pause=0, longest_pause=0)
TEXT = "text/plain"
GRAPH = "https://example.org/g"
MANIFEST = "https://w3id.org/tipgraph/graph/loads"


def fails(status: int, body: str = "", media_type: str = TEXT, **headers: Any) -> Reply:
    return replies(body, status, media_type, **headers)


class Sender:
    """Sends requests to a server with scripted replies, and counts them."""

    def __init__(self, url: str, requests: list[FormRequest]) -> None:
        self.url = url
        self._requests = requests

    @property
    def attempts(self) -> int:
        return len(self._requests)

    def send(
        self,
        policy: RetryPolicy = NO_PAUSE,
        repeatable: bool = True,
        profile: type[RemoteStore] = RemoteStore,
        access: Access = Access(),  # noqa: B008  (it is frozen)
    ) -> CompleteResponse:
        connection = Connection(profile(self.url, None, None, access), policy)
        try:
            return connection.send("POST", f"{self.url}?q=1?2", repeatable=repeatable)
        finally:
            connection.close()

    def error(self, **options: object) -> RequestRefused:
        with pytest.raises(RequestRefused) as raised:
            self.send(**options)  # type: ignore[arg-type]
        return raised.value

    def message(self, **options: object) -> str:
        """The error's message after the address, which is without its query."""
        message = str(self.error(**options))
        assert message.startswith(f"{self.url}: ")
        return message.removeprefix(f"{self.url}: ")


@contextmanager
def sender(*script: Reply) -> Iterator[Sender]:
    with scripted(*script) as (url, requests):
        yield Sender(url, requests)


@pytest.fixture
def pauses(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The pauses between attempts, which take no time."""
    taken: list[float] = []
    monkeypatch.setattr("tenacity.nap.time.sleep", taken.append)
    return taken


@pytest.mark.parametrize("status", [408, 429, 502, 503, 504])
def test_busy_store_gets_a_repeatable_request_again(status: int) -> None:
    with sender(fails(status), DONE) as server:
        assert server.send().content == b"done"

        assert server.attempts == 2


@pytest.mark.parametrize("status", [302, 400, 401, 403, 404, 413, 500, 501])
def test_other_errors_are_final(status: int) -> None:
    with sender(fails(status), DONE) as server:
        server.error()

        assert server.attempts == 1


@pytest.mark.parametrize("reply", [fails(503), resets], ids=["busy", "lost"])
def test_request_that_may_have_taken_effect_is_sent_once(reply: Reply) -> None:
    with sender(reply, DONE) as server:
        with pytest.raises(RequestRefused if reply is not resets else ResponseLost):
            server.send(repeatable=False)

        assert server.attempts == 1


@pytest.mark.parametrize(
    ("profile", "status", "body", "attempts"),
    [
        (Virtuoso, 500, "Virtuoso 40001 Error SR172: Transaction deadlocked", 2),
        (Virtuoso, 500, "Virtuoso S1T00 Error SR171: Transaction timed out", 2),
        (Virtuoso, 400, "Virtuoso 40001 Error SR172: Transaction deadlocked", 1),
        (RemoteStore, 500, "Virtuoso 40001 Error SR172: Transaction deadlocked", 1),
        (Virtuoso, 500, "Virtuoso 37000 Error SP030: syntax error", 1),
    ],
)
def test_profile_adds_transient_errors(profile, status, body, attempts):
    with sender(fails(status, body), DONE) as server:
        if attempts == 2:
            assert server.send(profile=profile).content == b"done"
        else:
            server.error(profile=profile)

        assert server.attempts == attempts


def test_pauses_double_up_to_the_longest(pauses: list[float]) -> None:
    with sender(fails(503)) as server:
        server.error(policy=RetryPolicy(attempts=6, first_pause=0.5, longest_pause=3))

        assert server.attempts == 6
    assert pauses == [0.5, 1, 2, 3, 3]


def test_all_attempts_end_before_the_total_time() -> None:
    policy = RetryPolicy(attempts=50, first_pause=0.02, longest_pause=0.02, total=0.1)
    begun = time.monotonic()
    with sender(fails(503)) as server:
        server.error(policy=policy)

        assert 2 <= server.attempts <= 6
    assert time.monotonic() - begun < 20


@pytest.mark.parametrize(
    ("value", "pause"), [("2", 2), ("0", 0), ("-5", 0), ("1.5", 1.5), ("soon", 0.25), ("", 0.25)]
)
def test_retry_after_replaces_the_pause(value: str, pause: float, pauses: list[float]) -> None:
    with sender(fails(503, Retry_After=value), DONE) as server:
        server.send(RetryPolicy(first_pause=0.25))

    assert pauses == [pause]


def test_retry_after_may_be_a_date(pauses: list[float]) -> None:
    now = time.time()
    later, earlier = (formatdate(now + each, usegmt=True) for each in (60, -60))
    with sender(fails(503, Retry_After=later), fails(503, Retry_After=earlier), DONE) as server:
        server.send(RetryPolicy(first_pause=0.25))

    first, second = pauses
    assert 57 < first <= 60
    assert second == 0


@pytest.mark.parametrize(("seconds", "attempts"), [(3, 2), (4, 1)])
def test_store_may_ask_for_the_longest_pause_at_most(seconds, attempts, pauses):
    policy = RetryPolicy(longest_pause=3)
    with sender(fails(429, Retry_After=str(seconds)), DONE) as server:
        if attempts == 2:
            server.send(policy)
        else:
            assert server.message(policy=policy) == (
                "has too many requests; it asks to wait 4 seconds; try again then"
            )

        assert server.attempts == attempts


@pytest.mark.parametrize(
    ("status", "reply", "message"),
    [
        (300, {"Location": "/a"}, "redirects to /a; use that address"),
        (399, {"Location": "/a"}, "redirects to /a; use that address"),
        (413, {}, "does not accept that much in one request"),
        (418, {}, "failed with status 418"),
        (429, {}, "has too many requests"),
        (430, {}, "failed with status 430"),
    ],
)
def test_error_states_what_a_status_means(status: int, reply: dict[str, str], message: str) -> None:
    with sender(fails(status, **reply)) as server:
        assert server.message() == message


@pytest.mark.parametrize(
    ("status", "access", "message"),
    [
        (401, Access(token="t0ken"), "does not accept the token"),
        (401, Access(user="ali", password="sesame"), "does not accept the user or the password"),
        (403, Access(user="ali", password="sesame"), "does not allow this user to do that"),
    ],
)
def test_error_names_the_credential_that_is_refused(status, access, message):
    with sender(fails(status)) as server:
        assert server.message(access=access) == message


@pytest.mark.parametrize(
    ("media_type", "body", "line"),
    [
        (TEXT, "\n  out of memory  \nstack", "; out of memory"),
        ("text/html", "<p>out of memory</p>", ""),
        ("", "out of memory", "; out of memory"),
        (TEXT, " \n ", ""),
        (TEXT, "x" * 201, f"; {'x' * 200}"),
    ],
)
def test_error_contains_first_line_of_the_store(media_type: str, body: str, line: str) -> None:
    with sender(fails(500, body, media_type)) as server:
        assert server.message() == f"failed with status 500{line}"


def test_error_text_need_not_be_utf_8() -> None:
    def latin(handler: object) -> None:
        send = getattr(handler, "wfile").write  # noqa: B009  (any handler)
        send(b"HTTP/1.1 500 x\r\nContent-Length: 4\r\nContent-Type: text/plain\r\n\r\nd\xe9j\xe0")

    with sender(latin) as server:
        assert server.message() == "failed with status 500; d\ufffdj\ufffd"


@pytest.mark.parametrize(
    ("access", "body", "shown"),
    [
        *(
            (Access(token=f"{scheme}t0ken"), "your t0ken, t0ken, is old", "your …, …, is old")
            for scheme in ("", "GDB ", "Two Words ")
        ),
        (Access(user="ali", password="sesame"), "ali:sesame (YWxpOnNlc2FtZQ==)", "ali:… (…==)"),
        (
            Access(),
            'Digest nonce="n", Response="2c1f", uri="/"',
            'Digest nonce="n", Response="…", uri="/"',
        ),
    ],
)
def test_secret_that_the_store_repeats_is_masked(access: Access, body: str, shown: str) -> None:
    with sender(fails(400, body)) as server:
        assert server.message(access=access) == f"failed with status 400; {shown}"


class Failing(FakeStore):
    """A store that responds to each move, or to each PUT, with a status, and does nothing."""

    def __init__(self, *statuses: int, operation: str = "move", page: bytes = b"") -> None:
        super().__init__()
        self._statuses = list(statuses)
        self._operation = operation
        self._page = page
        self.attempts = 0

    def _respond(self, request: StoreRequest) -> StoreResponse:
        if self._operation in (request.method, "move" if is_move(request) else ""):
            self.attempts += 1
            if self._statuses:
                kind = {"Content-Type": "text/html"}
                return StoreResponse(self._statuses.pop(0), self._page, kind)
        return super()._respond(request)


@pytest.fixture
def load(run, tmp_path, monkeypatch):
    """Loads one triple into a store, with short pauses."""
    quick = partial(RetryPolicy, first_pause=0.005, longest_pause=1, settle=0.05)
    monkeypatch.setattr("tipgraph.cli.load.RetryPolicy", quick)
    own = tmp_path / "own.ttl"
    own.write_text("<urn:s> <urn:p> 1 .")

    def load(fake: FakeStore) -> Outcome:
        with serving(fake) as root:
            urls = ["--query-url", f"{root}/ask", "--update-url", f"{root}/change/now"]
            urls += ["--graph-store-url", f"{root}/graphs"]
            outcome: Outcome = run("load", *urls, own, "--graph", GRAPH)
            return outcome

    return load


def content(fake: FakeStore) -> list[object]:
    quads = fake.store.quads_for_pattern(None, None, None, NamedNode(GRAPH))
    return [quad.object for quad in quads]


def test_move_is_sent_again_after_an_error_that_changed_nothing(load) -> None:
    fake = Failing(429, 429)

    outcome = load(fake)

    assert (outcome.code, outcome.err) == (0, "")
    assert fake.attempts == 3
    assert content(fake) == [Literal(1)]


@pytest.mark.parametrize("status", [400, 403, 499])
def test_rejected_move_is_an_error_and_leaves_nothing(load, status: int) -> None:
    fake = Failing(status)

    outcome = load(fake)

    assert outcome.code == 4
    assert fake.attempts == 1
    assert "may be left" not in outcome.err
    assert {each.value for each in fake.store.named_graphs()} <= {MANIFEST}


@pytest.mark.parametrize("status", [302, 408, 500, 503])
def test_move_that_may_be_under_way_is_not_repeated(load, status: int) -> None:
    fake = Failing(status)

    outcome = load(fake)

    assert outcome.code == 4
    assert fake.attempts == 1
    assert re.search(r"staging/\w+> may be left in the store", outcome.err)


@pytest.mark.parametrize("operation", ["PUT", "move"])
def test_web_page_is_no_success_and_not_requested_again(load, operation: str) -> None:
    fake = Failing(200, operation=operation, page=b"<html></html>")

    outcome = load(fake)

    assert outcome.code == 4
    assert fake.attempts == 1
    assert "responds with a web page; check the store's address" in outcome.err
    assert ("may be left" in outcome.err) == (operation == "move")
    assert not content(fake)


def test_store_that_cannot_be_reached_is_tried_again(pauses: list[float]) -> None:
    with sender(DONE) as server:
        pass

    with pytest.raises(ConnectError, match="cannot be reached"):
        server.send(RetryPolicy(attempts=3, first_pause=1), repeatable=False)

    assert pauses == [1, 2]


@pytest.mark.parametrize(
    ("status", "problem"),
    [
        (401, "needs a login; set TIPGRAPH_USER and TIPGRAPH_PASSWORD, or TIPGRAPH_TOKEN"),
        (403, "does not allow this without a login; set TIPGRAPH_USER and TIPGRAPH_PASSWORD"),
        (404, "no such address in the store; it does not show what kind of store it is;"),
    ],
)
def test_refused_detection_is_reported(run: Run, status: int, problem: str) -> None:
    fake = FakeStore()
    fake.services = lambda: {"/": _refuse(status)}  # type: ignore[method-assign]
    with serving(fake) as root:
        outcome = run("load", "--endpoint", f"{root}/")

    assert outcome.code == 4
    assert f": {problem}" in outcome.err
    assert ("kind of store" in outcome.err) == (status == 404)


def _refuse(status: int) -> Callable[[StoreRequest], StoreResponse]:
    return lambda _: StoreResponse(status)
