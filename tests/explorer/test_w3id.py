"""Apache with the folder for w3id.org: each kind of IRI leads to a file that a site has."""

import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, suppress
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import quote, unquote

import pytest
from pyoxigraph import RdfFormat, Store

import tipgraph
from tests.servers import free_port
from tests.tools import needs_command
from tipgraph.explorer.http import best_format
from tipgraph.explorer.site import Site
from tipgraph.namespaces import OURS

pytestmark = [
    needs_command("apache2"),
    pytest.mark.slow(reason="starts Apache, and writes the site of some countries"),
]
ROOT = Path(__file__).parents[2]
SITE = "https://example.org/tip/"
CONFIGURATION = """\
ServerRoot {root}
ServerName localhost
Listen 127.0.0.1:{port}
PidFile {root}/pid
ErrorLog {root}/errors
DefaultRuntimeDir {root}
User www-data
Group www-data
{modules}
DocumentRoot {root}
<Directory {root}>
    AllowOverride All
    Require all granted
</Directory>
KeepAliveTimeout 30
MaxKeepAliveRequests 0
"""
MODULES = ("mpm_event", "authz_core", "headers", "rewrite")
# The Accept headers of programs.
BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,*/*;q=0.8"
CLIENTS = {
    "browser": BROWSER,
    "curl": "*/*",
    "none": "",
    "jena": "text/turtle,application/n-triples;q=0.9,application/ld+json;q=0.8,*/*;q=0.3",
    "rdflib": "text/turtle, application/ld+json;q=0.5, text/html;q=0.1, */*;q=0.1",
    "jsonld.js": "application/ld+json, application/json",
    "turtle": "text/turtle",
    "page, or Turtle": "text/html, text/turtle;q=0.5",
    "no Turtle": "text/turtle;q=0, */*",
}
# The OWL API wants RDF/XML, and reads Turtle.
OWL_API = "application/rdf+xml, application/xml; q=0.7, text/xml; q=0.6, text/plain; q=0.1"
TYPES = {"turtle": "text/turtle", "jsonld": "application/ld+json", "html": "text/html"}
SUFFIXES = {"turtle": "ttl", "jsonld": "jsonld", "html": "html"}

Get = Callable[..., tuple[int, str, Mapping[str, str]]]


@pytest.fixture(scope="module")
def get(folder: Path) -> Iterator[Get]:
    """Ask Apache for an IRI of ours; returns the status, the place below the site and headers."""
    # Not below pytest's folder, which only its owner may read.
    with tempfile.TemporaryDirectory(prefix="w3id-") as name:
        root, port = Path(name), free_port()
        root.chmod(0o755)
        script = [sys.executable, str(ROOT / ".ci" / "w3id.py"), SITE, str(root / "tipgraph")]
        subprocess.run(script, check=True)
        modules = "\n".join(
            f"LoadModule {each}_module /usr/lib/apache2/modules/mod_{each}.so" for each in MODULES
        )
        (root / "conf").write_text(CONFIGURATION.format(root=root, port=port, modules=modules))
        server = subprocess.Popen(["apache2", "-DFOREGROUND", "-f", str(root / "conf")])
        try:
            with closing(connected(port, root / "errors")) as connection:

                def get(iri: str, accept: str = "") -> tuple[int, str, Mapping[str, str]]:
                    path = "/tipgraph/" + iri.removeprefix(OURS).partition("#")[0]
                    headers = {"Accept": accept} if accept else {}
                    connection.request("GET", quote(path), headers=headers)
                    response = connection.getresponse()
                    response.read()
                    place = unquote(response.headers.get("Location", ""))
                    return response.status, place.removeprefix(SITE), dict(response.headers)

                yield get
        finally:
            server.terminate()
            server.wait(30)


def connected(port: int, errors: Path) -> HTTPConnection:
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        connection = HTTPConnection("127.0.0.1", port, timeout=30)
        with suppress(OSError):
            connection.connect()
            return connection
        time.sleep(0.05)
    raise AssertionError(errors.read_text() if errors.exists() else "Apache does not answer")


@pytest.mark.parametrize(
    ("iri", "pages"),
    [
        ("", {"html": "index.html", "turtle": "-/void.ttl", "jsonld": "index.html"}),
        ("ns#Edition", "ns"),
        ("shapes#Observation", "shapes"),
        ("ontology/tipgraph", "ontology/tipgraph"),
        ("ontology/sources/0.1.0", "ontology/sources"),
        ("code/total", "code/total"),
        ("id/tip-2021-lu", "id/tip-2021-lu"),
        ("id/tip-2021-be/S03", "id/tip-2021-be/S03"),
        ("id/greta", "id/greta"),
        ("graph/tip-2023-mt", "graph/tip-2023-mt"),
        ("graph/derived", dict.fromkeys(TYPES, "-/void.ttl")),
    ],
)
def test_iri_leads_to_the_format_that_a_client_prefers(get, folder, iri, pages):
    for accept in CLIENTS.values():
        preferred = best_format(accept)
        expected = pages[preferred] if isinstance(pages, dict) else f"{pages}.{SUFFIXES[preferred]}"
        status, place, headers = get(iri, accept)

        assert (status, place) == (303, expected), accept
        assert (folder / place).is_file()
        assert headers["Access-Control-Allow-Origin"] == "*"
    assert get(iri, OWL_API)[1].endswith(".ttl")
    assert "Accept" in get(iri, TYPES["turtle"])[2]["Vary"]


@pytest.mark.parametrize(
    ("address", "file"),
    [
        ("id/greta.ttl", "id/greta.ttl"),
        ("id/greta.jsonld", "id/greta.jsonld"),
        ("ns.ttl", "ns.ttl"),
        ("shapes.jsonld", "shapes.jsonld"),
        ("ontology/norms.ttl", "ontology/norms.ttl"),
        (".well-known/void", "-/void.ttl"),
        ("-/void", "-/void.ttl"),
        ("-/data/graph.ttl.gz", "-/data/graph.ttl.gz"),
        ("query", "query/index.html"),
        ("query/funding", "query/funding.html"),
        ("query/funding.csv", "query/funding.csv"),
        ("sparql", "sparql.html"),
        ("catalog", "-/data/catalog.ttl.gz"),
        ("contributors", "-/about.html"),
        ("-/about", "-/about.html"),
    ],
)
def test_suffix_leads_to_the_file(get: Get, folder: Path, address: str, file: str) -> None:
    status, place, _ = get(address, BROWSER)

    assert (status, place) == (303, file)
    assert (folder / file).is_file()


def test_syntax_that_a_site_does_not_have_is_not_found(get: Get) -> None:
    assert get("id/greta.nt")[0] == 404


def test_every_iri_of_the_graph_leads_to_a_page_and_to_data(get: Get, folder: Path) -> None:
    site = Site(tipgraph.open(), is_static=True)
    # All of them take half a minute.
    own = sorted(each for each in site.things if each.startswith(OURS))[::7]
    lost, elsewhere = [], 0
    for iri in own:
        _, page, _ = get(iri, BROWSER)
        _, data, _ = get(iri, TYPES["turtle"])
        if not ((folder / page).is_file() and (folder / data).is_file()):
            lost.append(iri)
        # A part is at an anchor of the page of its thing.
        expected = site.address(iri).partition("#")[0].removeprefix("/")
        elsewhere += page != f"{expected}.html"

    assert lost == []
    assert elsewhere < len(own) / 8


def test_module_of_the_ontology_is_read_as_its_file_is(folder: Path) -> None:
    for name in ("sources", "codes"):
        stores = [Store(), Store()]
        stores[0].load(path=str(ROOT / "ontology" / f"{name}.ttl"))
        stores[1].load(path=str(folder / "ontology" / f"{name}.ttl"), format=RdfFormat.TURTLE)
        assert len(stores[0]) == len(stores[1])
    assert "owl:Ontology" in (folder / "ns.ttl").read_text()
