"""The libraries for browsers are those of npm, and run in a browser from any file server."""

import importlib.util
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from types import ModuleType
from typing import Any

import pyoxigraph
import pytest

from tests.tools import browser_page, needs_command

ROOT = Path(__file__).parents[2]
SCRIPT = ROOT / ".ci" / "vendor.py"
VENDOR = ROOT / "src" / "tipgraph" / "explorer" / "vendor"
# Runs in a page: a store with one triple, and a search.
RUN = """async () => {
    const { default: start, Store } = await import('/oxigraph/web.js')
    await start()
    const store = new Store()
    store.load('<http://example.org/a> <http://example.org/p> 1 .', { format: 'text/turtle' })
    const rows = store.query('SELECT (SUM(?n) + 1 AS ?m) { ?s ?p ?n }')
    const script = document.createElement('script')
    script.src = '/minisearch/minisearch.js'
    await new Promise(loaded => { script.onload = loaded; document.head.append(script) })
    const search = new MiniSearch({ fields: ['label'] })
    search.addAll([{ id: 1, label: 'shelters for victims' }, { id: 2, label: 'permits' }])
    return [rows[0].get('m').value, search.search('shelter', { prefix: true }).map(each => each.id)]
}"""


class _Quiet(SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: Any) -> None:
        pass


def script() -> ModuleType:
    spec = importlib.util.spec_from_file_location("vendor", SCRIPT)
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def files() -> Iterator[str]:
    """The address of the folder, served without any header of ours."""
    handler = partial(_Quiet, directory=str(VENDOR))
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_address[1]}/"
        server.shutdown()


def test_versions_are_pinned_with_hashes() -> None:
    pins = ROOT / ".ci" / "vendor"
    wanted = json.loads((pins / "package.json").read_text())["dependencies"]
    locked = json.loads((pins / "package-lock.json").read_text())["packages"]
    readme = (VENDOR / "README.md").read_text()

    for name, version in wanted.items():
        assert locked[f"node_modules/{name}"]["version"] == version
        assert f"| `{name}` | {version} |" in readme
    packages = {name: each for name, each in locked.items() if name}
    assert all(each["integrity"].startswith("sha512-") for each in packages.values())


def test_oxigraph_of_browsers_has_the_minor_version_of_python() -> None:
    pins = json.loads((ROOT / ".ci" / "vendor" / "package.json").read_text())

    ours = pyoxigraph.__version__.split(".")
    assert pins["dependencies"]["oxigraph"].split(".")[:2] == ours[:2]


@pytest.mark.slow(reason="asks npm for the packages")
@needs_command("npm")
def test_files_are_those_of_the_packages(tmp_path, monkeypatch, capsys):
    vendor = script()
    try:
        packages = vendor.installed(tmp_path)
    except subprocess.CalledProcessError:
        if "CI" in os.environ:
            raise
        pytest.skip("npm has no network")
    monkeypatch.setattr(vendor, "installed", lambda folder: packages)
    monkeypatch.setattr(sys, "argv", ["vendor.py", "--check"])

    assert vendor.main() == 0
    copy = tmp_path / "vendor"
    shutil.copytree(VENDOR, copy)
    with (copy / "oxigraph" / "web.js").open("a") as file:
        file.write("\n")
    (copy / "cytoscape" / "LICENSE.txt").unlink()
    (copy / "more.js").touch()
    monkeypatch.setattr(vendor, "FOLDER", copy)
    assert vendor.main() == 1
    differing = [line.partition(" ")[0] for line in capsys.readouterr().err.splitlines()]
    assert differing == ["cytoscape/LICENSE.txt", "more.js", "oxigraph/web.js"]
    monkeypatch.setattr(sys, "argv", ["vendor.py"])
    assert vendor.main() == 0
    monkeypatch.setattr(sys, "argv", ["vendor.py", "--check"])
    assert vendor.main() == 0


@pytest.mark.slow(reason="opens a page in Chromium")
@needs_command("chromium")
def test_sparql_and_search_run_in_a_browser(files: str) -> None:
    with browser_page(is_online=True) as page:
        page.goto(f"{files}README.md")

        assert page.evaluate(RUN) == ["2", [1]]
