"""The files that pages load: their types, their licences, and what the pages may load at all."""

import re

import pytest

from tests.explorer.conftest import Client
from tipgraph.explorer.assets import SCRIPTS, VENDOR, assets

PAGES = ("/", "/-/network", "/sparql", "/-/case", "/query/funding", "/id/nobody")


def test_assets_have_media_types_and_tags(client: Client) -> None:
    types = {
        "/-/vendor/oxigraph/web_bg.wasm": "application/wasm",
        "/-/vendor/oxigraph/web.js": "text/javascript; charset=utf-8",
        "/-/vendor/yasgui/yasgui.min.css": "text/css; charset=utf-8",
        "/-/vendor/cytoscape/LICENSE.txt": "text/plain; charset=utf-8",
        "/-/scripts/network.js": "text/javascript; charset=utf-8",
    }

    for address, media_type in types.items():
        answer = client.get(address, "*/*")
        assert (answer.status_code, answer.headers["content-type"]) == (200, media_type)
        again = client.get(address, "*/*", if_none_match=answer.headers["etag"])
        assert again.status_code == 304
    assert client.get("/-/vendor/oxigraph/web_bg.wasm").content.startswith(b"\0asm")


@pytest.mark.parametrize(
    "path", ["x.js", "../app.py", "..%2Fapp.py", "%2e%2e/app.py", "", "oxigraph", "/etc/passwd"]
)  # fmt: skip
def test_nothing_else_is_served(client: Client, path: str) -> None:
    for folder in (SCRIPTS, VENDOR):
        assert client.get(f"/-/{folder}/{path}").status_code == 404


def test_every_library_has_its_licence_and_no_source_map() -> None:
    names = set(assets(VENDOR))
    libraries = {name.partition("/")[0] for name in names if "/" in name}

    assert libraries == {"cytoscape", "minisearch", "oxigraph", "yasgui"}
    assert {f"{each}/LICENSE.txt" for each in libraries} <= names
    assert not [name for name in names if name.endswith(".map")]


def test_pages_have_scripts_of_their_own_origin_alone(client: Client) -> None:
    for address in PAGES:
        page = client.get(address)
        policy = page.headers["content-security-policy"]
        assert "script-src 'self';" in policy
        assert "connect-src 'self';" in policy
        assert "unsafe" not in policy
        scripts = re.findall(r"<script([^>]*)>(.*?)</script>", page.text, re.DOTALL)
        assert all(re.search(r' src="/-/(scripts|vendor)/', each) for each, _ in scripts)
        assert not any(content for _, content in scripts)
        assert not re.search(r"<style|\sstyle=|\son\w+=|https?://[^\"]*\.(js|css)\"", page.text)
    assert re.findall(r"<script.*?>", client.get("/-/case").text) == [
        '<script defer src="/-/scripts/private.js">'
    ]


def test_pages_load_only_what_is_served(client: Client) -> None:
    for address in PAGES:
        loaded = re.findall(r'(?:src|rel="stylesheet" href)="(/[^"]*)"', client.get(address).text)
        assert loaded
        assert {client.get(each, "*/*").status_code for each in loaded} == {200}
