"""A crawl: whatever a page leads to is there, with the anchor that the link names."""

import re
from collections import deque

import pytest

from tests.explorer.conftest import Client, links

# The pages that are opened, of each kind by the first part of their addresses; the test of the site
# follows every link of every page.
MOST, OF_EACH_KIND = 80, 20


@pytest.mark.slow(reason="opens a hundred pages")
def test_every_link_of_a_crawl_leads_to_a_page(client: Client) -> None:
    waiting, seen, anchors = deque(["/"]), {"/"}, set()
    opened: dict[str, str] = {}
    kinds: dict[str, int] = {}
    broken = []
    while waiting and len(opened) < MOST:
        address = waiting.popleft()
        answer = client.get(address)
        opened[address] = answer.text
        if answer.status_code not in (200, 303, 308):
            broken.append((address, answer.status_code))
        if not answer.headers["content-type"].startswith("text/html"):
            continue
        for link in links(answer):
            path, _, anchor = link.partition("#")
            if anchor:
                anchors.add((path, anchor))
            # Commas and numbers of editions make many addresses of one kind.
            kind = re.sub(r"^(/-/\w+|/[^/?]*/?(?:tip-\d+-\w+)?).*", r"\1", path)
            if path not in seen and kinds.get(kind, 0) < OF_EACH_KIND:
                kinds[kind] = kinds.get(kind, 0) + 1
                seen.add(path)
                waiting.append(path)

    assert broken == []
    assert len(opened) == MOST
    assert len(anchors) > 50
    for path in {path for path, _ in anchors} - {*opened}:
        opened[path] = client.get(path).text
    missing = [(path, each) for path, each in anchors if f' id="{each}"' not in opened[path]]
    assert missing == []
