"""Settings of a store: command line, environment and file; and that no output shows a secret."""

import json
import os
from base64 import b64encode
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.conftest import Outcome, Run
from tests.endpoint.authority import Authority, authority
from tests.endpoint.fake import FakeStore, Fuseki, serving
from tests.endpoint.guards import Authenticator, Basic, Bearer, Digest
from tests.endpoint.message import StoreError, StoreRequest
from tests.endpoint.outcomes import assert_refused
from tipgraph.endpoint.settings import Access

USER, PASSWORD, TOKEN = "loader", "sesame-öffne-dich", "t0ken-of-mine"
SECRETS = (PASSWORD, TOKEN)
GRAPH = "https://example.org/g"

Configure = Callable[[str], Path]
Load = Callable[..., Outcome]


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The working directory."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def configure(folder: Path) -> Configure:
    """Writes the file with named endpoints."""

    def configure(text: str) -> Path:
        file = folder / "config" / "tipgraph" / "config.toml"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
        return file

    return configure


@pytest.fixture
def log_in(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Sets environment variables."""

    def log_in(**settings: str) -> None:
        for name, value in settings.items():
            monkeypatch.setenv(f"TIPGRAPH_{name.upper()}", value)

    return log_in


@pytest.fixture
def load(folder: Path, run: Run) -> Load:
    """Loads a triple, and checks that no output shows a secret."""
    (folder / "own.ttl").write_text("<urn:s> <urn:p> <urn:o> .")

    def load(*options: object) -> Outcome:
        outcome = run("load", "own.ttl", "--graph", GRAPH, "--report", "report.json", *options)
        report = folder / "report.json"
        shown = f"{outcome.out}{outcome.err}{report.read_text() if report.exists() else ''}"
        for secret in SECRETS:
            assert secret not in shown
            assert b64encode(f"{USER}:{secret}".encode()).decode() not in shown
        return outcome

    return load


@pytest.fixture
def fuseki() -> Iterator[tuple[FakeStore, str]]:
    """A store without a login, and its address."""
    fake = Fuseki()
    with serving(fake) as root:
        yield fake, f"{root}/ds"


@pytest.fixture(scope="module")
def private(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    """A private authority with a server."""
    return authority(tmp_path_factory.mktemp("authority"))


class TestAddress:
    """The addresses of a store."""

    def test_name_is_looked_up_in_the_file(self, load, configure, fuseki):
        fake, url = fuseki
        configure(f'[endpoints.work]\nurl = "{url}"\nstore = "fuseki"\n')

        outcome = load("--endpoint", "work")

        assert (outcome.code, outcome.err) == (0, "")
        assert len(fake.store) > 1
        assert json.loads(Path("report.json").read_text())["endpoint"] == url

    def test_file_is_in_the_home_directory_by_default(self, folder, load, fuseki, monkeypatch):
        monkeypatch.delenv("XDG_CONFIG_HOME")
        monkeypatch.setenv("HOME", str(folder))
        file = folder / ".config" / "tipgraph" / "config.toml"
        file.parent.mkdir(parents=True)
        file.write_text(f'[endpoints.home]\nurl = "{fuseki[1]}"\n')

        assert load("--endpoint", "home").code == 0

    def test_file_may_have_all_three_addresses(self, load, configure):
        fake = FakeStore()
        with serving(fake) as root:
            configure(
                f'[endpoints.three]\nquery-url = "{root}/ask"\n'
                f'update-url = "{root}/change/now"\ngraph-store-url = "{root}/graphs"\n'
            )
            outcome = load("--endpoint", "three")

        assert (outcome.code, outcome.err) == (0, "")
        assert {request.path for request in fake.requests} == {"/ask", "/change/now", "/graphs"}

    def test_command_line_overrides_the_file(self, load, configure, fuseki):
        fake, url = fuseki
        configure(
            f'[endpoints.work]\nurl = "{url}"\nstore = "oxigraph"\n'
            f'update-url = "http://127.0.0.1:9/update"\n'
        )

        outcome = load("--endpoint", "work", "--store", "fuseki", "--update-url", f"{url}/update")

        assert (outcome.code, outcome.err) == (0, "")
        assert len(fake.store) > 1

    def test_unknown_name_suggests_nearest(self, load, configure):
        file = configure('[endpoints.staging]\nurl = "http://h/ds"\n')

        outcome = load("--endpoint", "stagin")

        assert_refused(outcome, 2, "unknown endpoint 'stagin'", str(file), "'staging'")

    def test_unknown_name_without_a_file_asks_for_an_address(self, load):
        assert_refused(load("--endpoint", "localhost"), 2, "http://")
        assert_refused(load("--endpoint", "localhost:7878"), 2, "http://")

    @pytest.mark.parametrize(
        "address",
        ["http://", "ftp://host/ds", "http://host:port/ds", "http://[::1/ds", "file:///etc/passwd"],
    )
    @pytest.mark.parametrize("option", ["--endpoint", "--query-url"])
    def test_invalid_address_is_an_error(self, load, option, address):
        assert_refused(load(option, address), 2, "http://host:7878")

    @pytest.mark.parametrize(
        "end", ["#", "#x", "?", "?a=b", "?graph=urn:g", "/statements", "/statements/"]
    )
    def test_address_where_a_graph_would_replace_all_graphs_is_an_error(self, load, end):
        addresses = ["--query-url", "http://h/query", "--graph-store-url", f"http://h/data{end}"]
        message = "whole repository" if "statements" in end else "leave out"
        assert_refused(load(*addresses), 2, message)


class TestFile:
    """Errors in the file."""

    @pytest.mark.parametrize(
        ("text", "code", "parts"),
        [
            ('[endpoints.work]\nurl = "http://h/ds"\npasword = "{}"\n', 3, "'pasword'"),
            ('[endpoints.work]\nurl = "http://h/ds"\nuser = 1\npassword = "{}"', 3, "string"),
            ('[endpoints]\nwork = "{}"\n', 3, "[endpoints.work]"),
            ('endpoints = "{}"\n', 3, "[endpoints.NAME]"),
            ('[endpoints.work]\nuser = "u"\npassword = "{}"\n', 2, "add its 'url'"),
            ('[endpoints.work]\nurl = "http://h/ds"\npassword = "{}"\n', 2, "but not user"),
            ('[endpoints.work]\nurl = "http://h/ds"\nuser = "loader"\n', 2, "but not password"),
            (
                '[endpoints.work]\nurl = "http://h/ds"\nuser = "u"\npassword = "{}"\ntoken = "{}"',
                2,
                "not both",
            ),
            ('[endpoints.work]\nurl = "http://h/ds"\nstore = "mysql"\ntoken = "{}"', 2, "mysql"),
            ('[endpoints.work]\nurl = "http://u:{}@h/ds"\n', 2, "must not contain a password"),
            ('[endpoints.work]\nurl = "http://u:{}@h?u=http://h"\n', 2, "not contain a password"),
            ('[endpoints.work]\nurl = "http:/u:{}@h/ds"\n', 2, "must not contain a password"),
            ('[endpoints.work]\nurl = " http://u:{}@h/ds"\n', 2, "must not contain a password"),
            ('[endpoints.work]\nurl = "other"\ntoken = "{}"\n', 2, "http://"),
        ],
    )
    def test_wrong_setting_is_named(self, load, configure, text, code, parts):
        configure(text.replace("{}", PASSWORD))

        assert_refused(load("--endpoint", "work"), code, parts)

    @pytest.mark.parametrize(
        "text",
        [
            'password = "{}\n',
            "password = {}\n",
            'password = "{}" "{}"\n',
            'password "{}"\n',
            '{} = "a"\n{} = "b"\n',
            '"{}" = 1\n"{}" = 2\n',
            'password = "\\q{}"\n',
        ],
    )
    def test_broken_toml_is_reported_without_its_content(self, load, configure, text):
        file = configure('[endpoints.work]\nurl = "http://h/ds"\n' + text.replace("{}", TOKEN))

        assert_refused(load("--endpoint", "work"), 3, str(file), "not valid TOML", "line")

    def test_unreadable_file_is_an_error(self, load, configure, folder):
        file = configure("")
        file.write_bytes(b'password = "\xf6"')
        assert_refused(load("--endpoint", "work"), 3, str(file), "not valid TOML")

        file.unlink()
        file.mkdir()
        assert_refused(load("--endpoint", "work"), 3, str(file), "cannot be read")

        # A pipe that nobody writes to.
        file.rmdir()
        os.mkfifo(file)
        assert_refused(load("--endpoint", "work"), 3, str(file), "cannot be read")

    def test_file_is_not_read_for_an_address(self, load, configure, fuseki):
        configure("broken")

        assert load("--endpoint", fuseki[1]).code == 0


class TestCredentials:
    """User, password and token."""

    def test_user_name_may_be_non_ascii_with_basic(self, load, log_in):
        log_in(user="Löwe", password=PASSWORD)
        with serving(Fuseki(Basic("Löwe", PASSWORD))) as root:
            assert load("--endpoint", f"{root}/ds").code == 0
        with serving(Fuseki(Digest("Löwe", PASSWORD))) as root:
            outcome = load("--endpoint", f"{root}/ds")

        assert outcome.code in (0, 4)
        assert outcome.err.count("\n") == outcome.code / 4

    def test_credentials_may_be_in_the_file(self, load, configure):
        for authenticator, credentials in (
            (Digest(USER, PASSWORD), f'user = "{USER}"\npassword = "{PASSWORD}"\n'),
            (Bearer(TOKEN), f'token = "{TOKEN}"\n'),
        ):
            with serving(Fuseki(authenticator)) as root:
                configure(f'[endpoints.work]\nurl = "{root}/ds"\n{credentials}')
                assert load("--endpoint", "work").code == 0

    @pytest.mark.parametrize(
        ("environment", "authenticator"),
        [
            ({"user": USER, "password": PASSWORD}, Basic(USER, PASSWORD)),
            ({"token": TOKEN}, Bearer(TOKEN)),
        ],
    )
    def test_environment_overrides_the_file(
        self, load, configure, log_in, environment, authenticator
    ):
        log_in(**environment)
        with serving(Fuseki(authenticator)) as root:
            configure(
                f'[endpoints.work]\nurl = "{root}/ds"\nuser = "other"\npassword = "of the file"\n'
            )
            outcome = load("--endpoint", "work")

        assert (outcome.code, outcome.err) == (0, "")

    @pytest.mark.parametrize(
        ("environment", "parts"),
        [
            ({"user": USER}, ("TIPGRAPH_USER", "TIPGRAPH_PASSWORD")),
            ({"password": PASSWORD}, ("TIPGRAPH_PASSWORD", "TIPGRAPH_USER")),
            ({"user": USER, "password": ""}, ("TIPGRAPH_PASSWORD",)),
            ({"user": USER, "password": PASSWORD, "token": TOKEN}, ("TIPGRAPH_TOKEN", "not both")),
            ({"password": PASSWORD, "token": TOKEN}, ("TIPGRAPH_TOKEN", "not both")),
        ],
    )
    def test_incomplete_or_conflicting_credentials_are_an_error(
        self, load, log_in, fuseki, environment, parts
    ):
        log_in(**environment)

        assert_refused(load("--endpoint", fuseki[1]), 2, *parts)
        assert fuseki[0].requests == []

    def test_empty_variables_are_ignored(self, load, log_in, fuseki):
        log_in(user="", password="", token="", ca_file="")

        assert load("--endpoint", fuseki[1]).code == 0

    @pytest.mark.parametrize("token", [f"{TOKEN}\n", f"{TOKEN}\r\nX-Evil: 1", f"{TOKEN}ö"])
    def test_invalid_token_is_reported_without_showing_it(self, load, log_in, fuseki, token):
        log_in(token=token)

        assert_refused(load("--endpoint", fuseki[1]), 2, "TIPGRAPH_TOKEN")


class TestSecrets:
    """No output shows a secret. (The fixture `load` checks that each time.)"""

    @pytest.mark.parametrize("option", ["--endpoint", "--query-url", "--update-url"])
    @pytest.mark.parametrize(
        "address",
        [
            f"http://{USER}:{PASSWORD}@host:3030/ds",
            f"https://:{PASSWORD}@host/ds",
            f"http://{TOKEN}@host/ds",
            f"{USER}:{PASSWORD}@host:3030/ds",
            f"ftp://{USER}:{PASSWORD}@host/ds",
            f"http://{USER}:{PASSWORD}@host:port/ds",
        ],
    )
    def test_address_with_a_password_is_an_error(self, load, fuseki, option, address):
        outcome = load("--endpoint", fuseki[1], "--store", "fuseki", option, address)

        assert outcome.code == 2
        assert outcome.err.count("\n") == 1
        assert fuseki[0].requests == []

    def test_secrets_are_not_in_the_text_of_access(self):
        access = Access(user=USER, password=PASSWORD, token=TOKEN)

        assert USER in repr(access)
        assert not any(secret in f"{access!r}{access}" for secret in SECRETS)

    @pytest.mark.parametrize(
        ("name", "value"),
        [
            ("ALL_PROXY", f"socks5://{USER}:{PASSWORD}@127.0.0.1:1"),
            ("HTTP_PROXY", f"ftp://{USER}:{PASSWORD}@host"),
            ("HTTP_PROXY", f"http://{USER}:{PASSWORD}/x@host"),
            ("NO_PROXY", "::1/128"),
        ],
    )
    def test_proxy_that_cannot_be_used_is_one_line(self, load, fuseki, monkeypatch, name, value):
        monkeypatch.setenv(name, value)

        assert_refused(load("--endpoint", fuseki[1]), 2, "a proxy in the environment")

    def test_redirect_is_not_followed(self, load, log_in):
        log_in(user=USER, password=PASSWORD)
        elsewhere = Fuseki()
        with serving(elsewhere) as other, serving(Fuseki(Redirecting(f"{other}/ds/query"))) as root:
            outcome = load("--endpoint", f"{root}/ds", "--store", "fuseki")

        assert_refused(outcome, 4, f"{other}/ds/query")
        assert elsewhere.requests == []


class TestCertificates:
    """Certificates are always verified."""

    def test_private_authority_may_be_configured(self, load, private, log_in, configure):
        file = str(private.file)
        with serving(Fuseki(), private.context) as root:
            assert load("--endpoint", f"{root}/ds", "--ca-file", file).code == 0
            assert (
                load("--endpoint", f"{root}/ds", "--store", "fuseki", "--ca-file", file).code == 0
            )
            configure(f'[endpoints.work]\nurl = "{root}/ds"\nca-file = "{file}"\n')
            assert load("--endpoint", "work").code == 0
            configure(f'[endpoints.work]\nurl = "{root}/ds"\nca-file = "/nowhere"\n')
            log_in(ca_file=file)
            assert load("--endpoint", "work").code == 0
            log_in(ca_file="/nowhere")
            assert load("--endpoint", "work", "--ca-file", file).code == 0

    @pytest.mark.parametrize("kind", [(), ("--store", "fuseki")], ids=["detected", "named"])
    def test_unknown_authority_is_an_error(self, load, log_in, private, kind):
        log_in(user=USER, password=PASSWORD)
        fake = Fuseki()
        with serving(fake, private.context) as root:
            outcome = load("--endpoint", f"{root}/ds", *kind)

        assert_refused(outcome, 4, root, "certificate")
        assert fake.requests == []

    @pytest.mark.parametrize("kind", [(), ("--store", "fuseki")], ids=["detected", "named"])
    def test_certificate_of_another_host_is_an_error(self, load, private, kind):
        fake = Fuseki()
        with serving(fake, private.context) as root:
            other = root.replace("127.0.0.1", "localhost")
            outcome = load("--endpoint", f"{other}/ds", "--ca-file", private.file, *kind)

        assert_refused(outcome, 4, "certificate")
        assert fake.requests == []

    @pytest.mark.parametrize("kind", [(), ("--store", "fuseki")], ids=["detected", "named"])
    def test_file_without_authority_is_an_error(self, load, fuseki, kind):
        Path("empty.pem").touch()
        Path("wrong.pem").write_text("no certificate")

        for file in ("missing.pem", "empty.pem", "wrong.pem", "."):
            outcome = load("--endpoint", fuseki[1], "--ca-file", file, *kind)
            assert_refused(outcome, 3, f"--ca-file {file}")


class Redirecting(Authenticator):
    """Redirects each request."""

    def __init__(self, location: str) -> None:
        self._location = location

    def check(self, request: StoreRequest) -> None:
        raise StoreError(307, Location=self._location)
