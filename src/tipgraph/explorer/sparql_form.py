"""A page to ask a query without JavaScript, with what the endpoint is and which graphs it has."""

from collections.abc import Iterable
from html import escape

from tipgraph.explorer.execution import GRAPHS, ROWS

EXAMPLE = "SELECT ?edition ?label {\n  ?edition a tip:Edition ; rdfs:label ?label\n}\nLIMIT 10"
PAGE = """<!DOCTYPE html>
<html lang="en">
<head><meta charset="utf-8"><title>SPARQL endpoint</title></head>
<body>
<main>
<h1>SPARQL endpoint</h1>
<p>It answers SPARQL 1.1 queries at <code>{address}</code> and takes no updates.
Without FROM, a query reads all graphs as one.</p>
<form action="{address}">
<p><label for="query">Query</label></p>
<p><textarea id="query" name="query" rows="12" cols="80" required>{example}</textarea></p>
<p><label for="accept">Format</label> <select id="accept" name="accept">{formats}</select>
<button>Run</button></p>
</form>
<h2>Named graphs</h2>
<ul>
{graphs}
</ul>
</main>
</body>
</html>
"""


def page(address: str, graphs: Iterable[str]) -> str:
    """The page for the endpoint at this address, with the named graphs of its dataset."""
    return PAGE.format(
        address=escape(address),
        example=escape(EXAMPLE),
        formats="".join(f"<option>{escape(each)}</option>" for each in (*ROWS, *GRAPHS)),
        graphs="\n".join(f"<li><code>{escape(each)}</code></li>" for each in graphs),
    )
