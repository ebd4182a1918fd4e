"""Where a store is and who asks: the command line, the environment and the file, and no secrets."""

import json
from base64 import b64encode
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.conftest import Outcome, Run
from tests.stores.authority import Authority, authority
from tests.stores.fake import Face, Fuseki, serving
from tests.stores.guards import Basic, Bearer, Digest, Guard
from tests.stores.message import Asked, Refusal
from tests.stores.outcomes import assert_refused
from tipgraph.endpoint.settings import Access

USER, PASSWORD, TOKEN = "loader", "sesame-öffne-dich", "t0ken-of-mine"
SECRETS = (PASSWORD, TOKEN)
GRAPH = "https://example.org/g"

Configure = Callable[[str], Path]
Load = Callable[..., Outcome]


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder to work in; nothing outside it tells of a store."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    for name in ("USER", "PASSWORD", "TOKEN", "CA_FILE"):
        monkeypatch.delenv(f"TIPGRAPH_{name}", raising=False)
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
    """Lets the environment have these settings."""

    def log_in(**settings: str) -> None:
        for name, value in settings.items():
            monkeypatch.setenv(f"TIPGRAPH_{name.upper()}", value)

    return log_in


@pytest.fixture
def load(folder: Path, run: Run) -> Load:
    """Loads a triple; no secret may ever come out."""
    (folder / "own.ttl").write_text("<urn:s> <urn:p> <urn:o> .")

    def load(*options: object) -> Outcome:
        outcome = run("load", "own.ttl", "--graph", GRAPH, "--receipt", "receipt.json", *options)
        receipt = folder / "receipt.json"
        told = f"{outcome.out}{outcome.err}{receipt.read_text() if receipt.exists() else ''}"
        for secret in SECRETS:
            assert secret not in told
            assert b64encode(f"{USER}:{secret}".encode()).decode() not in told
        return outcome

    return load


@pytest.fixture
def fuseki() -> Iterator[tuple[Face, str]]:
    """A store that lets everybody do everything, and its address."""
    face = Fuseki()
    with serving(face) as root:
        yield face, f"{root}/ds"


@pytest.fixture(scope="module")
def private(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    """A private authority with a server of its own."""
    return authority(tmp_path_factory.mktemp("authority"))


class TestWhere:
    """Which store is meant."""

    def test_that_a_name_stands_for_a_store_of_the_file(self, load, configure, fuseki):
        face, url = fuseki
        configure(f'[endpoints.work]\nurl = "{url}"\nstore = "fuseki"\n')

        outcome = load("--endpoint", "work")

        assert (outcome.code, outcome.err) == (0, "")
        assert len(face.store) > 1
        assert json.loads(Path("receipt.json").read_text())["endpoint"] == url

    def test_that_without_a_folder_for_it_the_file_is_in_the_home(
        self, folder, load, fuseki, monkeypatch
    ):
        monkeypatch.delenv("XDG_CONFIG_HOME")
        monkeypatch.setenv("HOME", str(folder))
        file = folder / ".config" / "tipgraph" / "config.toml"
        file.parent.mkdir(parents=True)
        file.write_text(f'[endpoints.home]\nurl = "{fuseki[1]}"\n')

        assert load("--endpoint", "home").code == 0

    def test_that_all_three_addresses_may_stand_in_the_file(self, load, configure):
        face = Face()
        with serving(face) as root:
            configure(
                f'[endpoints.three]\nquery-url = "{root}/ask"\n'
                f'update-url = "{root}/change/now"\ngraph-store-url = "{root}/graphs"\n'
            )
            outcome = load("--endpoint", "three")

        assert (outcome.code, outcome.err) == (0, "")
        assert {asked.path for asked in face.asked} == {"/ask", "/change/now", "/graphs"}

    def test_that_the_command_line_goes_before_the_file(self, load, configure, fuseki):
        face, url = fuseki
        configure(
            f'[endpoints.work]\nurl = "{url}"\nstore = "oxigraph"\n'
            f'update-url = "http://127.0.0.1:9/update"\n'
        )

        outcome = load("--endpoint", "work", "--store", "fuseki", "--update-url", f"{url}/update")

        assert (outcome.code, outcome.err) == (0, "")
        assert len(face.store) > 1

    def test_that_an_unknown_name_is_told_with_the_likest(self, load, configure):
        file = configure('[endpoints.staging]\nurl = "http://h/ds"\n')

        outcome = load("--endpoint", "stagin")

        assert_refused(outcome, 2, "no endpoint is called 'stagin'", str(file), "'staging'")

    def test_that_without_a_file_an_address_is_asked_for(self, load):
        assert_refused(load("--endpoint", "localhost"), 2, "http://")
        assert_refused(load("--endpoint", "localhost:7878"), 2, "http://")

    @pytest.mark.parametrize(
        "address",
        ["http://", "ftp://host/ds", "http://host:port/ds", "http://[::1/ds", "file:///etc/passwd"],
    )
    @pytest.mark.parametrize("option", ["--endpoint", "--query-url"])
    def test_that_what_is_no_address_is_told_so(self, load, option, address):
        assert_refused(load(option, address), 2, "http://host:7878")


class TestFile:
    """What may stand in the file, and what is said of what may not."""

    @pytest.mark.parametrize(
        ("text", "code", "told"),
        [
            ('[endpoints.work]\nurl = "http://h/ds"\npasword = "{}"\n', 3, "'pasword'"),
            ('[endpoints.work]\nurl = "http://h/ds"\nuser = 1\npassword = "{}"', 3, "text"),
            ('[endpoints]\nwork = "{}"\n', 3, "[endpoints.work]"),
            ('endpoints = "{}"\n', 3, "[endpoints.NAME]"),
            ('[endpoints.work]\nuser = "u"\npassword = "{}"\n', 2, "needs a 'url'"),
            ('[endpoints.work]\nurl = "http://h/ds"\npassword = "{}"\n', 2, "but not user"),
            ('[endpoints.work]\nurl = "http://h/ds"\nuser = "loader"\n', 2, "but not password"),
            (
                '[endpoints.work]\nurl = "http://h/ds"\nuser = "u"\npassword = "{}"\ntoken = "{}"',
                2,
                "not both",
            ),
            ('[endpoints.work]\nurl = "http://h/ds"\nstore = "mysql"\ntoken = "{}"', 2, "mysql"),
            ('[endpoints.work]\nurl = "http://u:{}@h/ds"\n', 2, "must not hold a password"),
            ('[endpoints.work]\nurl = "other"\ntoken = "{}"\n', 2, "http://"),
        ],
    )
    def test_that_a_mistake_is_told_by_its_name(self, load, configure, text, code, told):
        configure(text.replace("{}", PASSWORD))

        assert_refused(load("--endpoint", "work"), code, told)

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
    def test_that_broken_toml_is_told_without_what_stands_in_it(self, load, configure, text):
        file = configure('[endpoints.work]\nurl = "http://h/ds"\n' + text.replace("{}", TOKEN))

        assert_refused(load("--endpoint", "work"), 3, str(file), "is no TOML", "line")

    def test_that_a_file_that_cannot_be_read_is_told(self, load, configure, folder):
        file = configure("")
        file.write_bytes(b'password = "\xf6"')
        assert_refused(load("--endpoint", "work"), 3, str(file), "is no TOML")

        file.unlink()
        file.mkdir()
        assert_refused(load("--endpoint", "work"), 3, str(file), "cannot be read")

    def test_that_it_is_not_looked_at_for_an_address(self, load, configure, fuseki):
        configure("broken")

        assert load("--endpoint", fuseki[1]).code == 0


class TestWho:
    """As whom a store is asked."""

    @pytest.mark.parametrize("scheme", [Basic, Digest])
    def test_that_user_and_password_arrive(self, load, log_in, scheme):
        log_in(user=USER, password=PASSWORD)
        face = Fuseki(scheme(USER, PASSWORD))
        with serving(face) as root:
            outcome = load("--endpoint", f"{root}/ds", "--verify", "full")

        assert (outcome.code, outcome.err) == (0, "")
        known = [asked for asked in face.asked if asked.status < 400]
        assert {asked.headers["authorization"].split()[0] for asked in known} == {scheme.__name__}

    def test_that_a_name_with_umlauts_arrives_where_it_can(self, load, log_in):
        log_in(user="Löwe", password=PASSWORD)
        with serving(Fuseki(Basic("Löwe", PASSWORD))) as root:
            assert load("--endpoint", f"{root}/ds").code == 0
        with serving(Fuseki(Digest("Löwe", PASSWORD))) as root:
            outcome = load("--endpoint", f"{root}/ds")

        assert outcome.code in (0, 4)
        assert outcome.err.count("\n") == outcome.code / 4

    def test_that_a_token_arrives(self, load, log_in):
        log_in(token=TOKEN)
        face = Fuseki(Bearer(TOKEN))
        with serving(face) as root:
            outcome = load("--endpoint", f"{root}/ds")

        assert (outcome.code, outcome.err) == (0, "")

    def test_that_they_may_stand_in_the_file(self, load, configure):
        for guard, said in (
            (Digest(USER, PASSWORD), f'user = "{USER}"\npassword = "{PASSWORD}"\n'),
            (Bearer(TOKEN), f'token = "{TOKEN}"\n'),
        ):
            with serving(Fuseki(guard)) as root:
                configure(f'[endpoints.work]\nurl = "{root}/ds"\n{said}')
                assert load("--endpoint", "work").code == 0

    @pytest.mark.parametrize(
        ("environment", "guard"),
        [
            ({"user": USER, "password": PASSWORD}, Basic(USER, PASSWORD)),
            ({"token": TOKEN}, Bearer(TOKEN)),
        ],
    )
    def test_that_the_environment_goes_before_the_file(
        self, load, configure, log_in, environment, guard
    ):
        log_in(**environment)
        with serving(Fuseki(guard)) as root:
            configure(
                f'[endpoints.work]\nurl = "{root}/ds"\nuser = "other"\npassword = "of the file"\n'
            )
            outcome = load("--endpoint", "work")

        assert (outcome.code, outcome.err) == (0, "")

    @pytest.mark.parametrize(
        ("environment", "told"),
        [
            ({"user": USER}, ("TIPGRAPH_USER", "TIPGRAPH_PASSWORD")),
            ({"password": PASSWORD}, ("TIPGRAPH_PASSWORD", "TIPGRAPH_USER")),
            ({"user": USER, "password": ""}, ("TIPGRAPH_PASSWORD",)),
            ({"user": USER, "password": PASSWORD, "token": TOKEN}, ("TIPGRAPH_TOKEN", "not both")),
            ({"password": PASSWORD, "token": TOKEN}, ("TIPGRAPH_TOKEN", "not both")),
        ],
    )
    def test_that_half_of_it_or_too_much_is_told(self, load, log_in, fuseki, environment, told):
        log_in(**environment)

        assert_refused(load("--endpoint", fuseki[1]), 2, *told)
        assert fuseki[0].asked == []

    def test_that_empty_settings_are_none(self, load, log_in, fuseki):
        log_in(user="", password="", token="", ca_file="")

        assert load("--endpoint", fuseki[1]).code == 0

    @pytest.mark.parametrize("token", [f"{TOKEN}\n", f"{TOKEN}\r\nX-Evil: 1", f"{TOKEN}ö"])
    def test_that_a_token_that_is_none_is_told_without_it(self, load, log_in, fuseki, token):
        log_in(token=token)

        assert_refused(load("--endpoint", fuseki[1]), 2, "TIPGRAPH_TOKEN")


class TestSecrets:
    """That no secret comes where it may be read. (The fixture `load` looks for them each time.)"""

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
    def test_that_an_address_with_a_password_is_refused(self, load, fuseki, option, address):
        outcome = load("--endpoint", fuseki[1], "--store", "fuseki", option, address)

        assert outcome.code == 2
        assert outcome.err.count("\n") == 1
        assert fuseki[0].asked == []

    @pytest.mark.parametrize("status", [400, 401, 403, 404, 409, 500])
    @pytest.mark.parametrize(
        "environment",
        [
            {"user": USER, "password": PASSWORD},
            {"token": TOKEN},
            {"token": f"GDB {TOKEN}"},
        ],
        ids=["password", "token", "token with its scheme"],
    )
    def test_that_no_secret_is_told_back(self, load, log_in, environment, status):
        log_in(**environment)
        with serving(Fuseki(Echoing(status))) as root:
            outcome = load("--endpoint", f"{root}/ds", "--store", "fuseki")

        assert outcome.code == 4
        assert outcome.err.count("\n") == 1

    def test_that_they_are_no_part_of_their_text(self):
        access = Access(user=USER, password=PASSWORD, token=TOKEN)

        assert USER in repr(access)
        assert not any(secret in f"{access!r}{access}" for secret in SECRETS)

    def test_that_nothing_goes_to_a_host_that_nobody_named(self, load, log_in):
        log_in(user=USER, password=PASSWORD)
        elsewhere = Fuseki()
        with serving(elsewhere) as other, serving(Fuseki(Sending(f"{other}/ds/query"))) as root:
            outcome = load("--endpoint", f"{root}/ds", "--store", "fuseki")

        assert_refused(outcome, 4, f"{other}/ds/query")
        assert elsewhere.asked == []


class TestCertificates:
    """TLS: certificates are verified, always."""

    def test_that_a_private_authority_may_be_named(self, load, private, log_in, configure):
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

    @pytest.mark.parametrize("kind", [(), ("--store", "fuseki")], ids=["detected", "said"])
    def test_that_an_unknown_authority_is_not_believed(self, load, log_in, private, kind):
        log_in(user=USER, password=PASSWORD)
        face = Fuseki()
        with serving(face, private.context) as root:
            outcome = load("--endpoint", f"{root}/ds", *kind)

        assert_refused(outcome, 4, root, "certificate")
        assert face.asked == []

    @pytest.mark.parametrize("kind", [(), ("--store", "fuseki")], ids=["detected", "said"])
    def test_that_another_host_s_certificate_is_not_believed(self, load, private, kind):
        face = Fuseki()
        with serving(face, private.context) as root:
            other = root.replace("127.0.0.1", "localhost")
            outcome = load("--endpoint", f"{other}/ds", "--ca-file", private.file, *kind)

        assert_refused(outcome, 4, "certificate")
        assert face.asked == []

    @pytest.mark.parametrize("kind", [(), ("--store", "fuseki")], ids=["detected", "said"])
    def test_that_a_file_without_an_authority_is_told(self, load, fuseki, kind):
        Path("empty.pem").touch()
        Path("wrong.pem").write_text("no certificate")

        for file in ("missing.pem", "empty.pem", "wrong.pem", "."):
            outcome = load("--endpoint", fuseki[1], "--ca-file", file, *kind)
            assert_refused(outcome, 3, f"--ca-file {file}")


class Echoing(Guard):
    """Says back, on one line, what it was told of who asks, and refuses."""

    def __init__(self, status: int) -> None:
        self._status = status

    def check(self, asked: Asked) -> None:
        said = asked.headers.get("authorization", "nobody")
        raise Refusal(self._status, f"{said.split()[-1]} is not known ({said})")


class Sending(Guard):
    """Sends everybody to another place."""

    def __init__(self, location: str) -> None:
        self._location = location

    def check(self, asked: Asked) -> None:
        raise Refusal(307, Location=self._location)
