"""Turns: whose is next, when one ends, and who is refused of too many."""

import asyncio
from collections.abc import Awaitable
from typing import Any

import pytest

from tipgraph.explorer.http import client_at
from tipgraph.explorer.workers import BusyError, TurnOverError, Turns


async def work(turns: Turns, client: str, seconds: float, done: list[str]) -> None:
    try:
        async with turns.of(client):
            await asyncio.sleep(seconds)
        done.append(client)
    except (BusyError, TurnOverError) as error:
        done.append(f"{client} {type(error).__name__}")


def order(turns: Turns, *requests: tuple[str, float]) -> list[str]:
    """The clients of requests, sent one after the other, in the order in which they are done."""
    done: list[str] = []

    async def run() -> None:
        sent: list[Awaitable[Any]] = []
        for client, seconds in requests:
            sent.append(asyncio.ensure_future(work(turns, client, seconds, done)))
            await asyncio.sleep(0)
        await asyncio.gather(*sent)

    asyncio.run(run())
    return done


def test_next_turn_is_for_the_client_that_has_had_the_least_time() -> None:
    turns = Turns(1, 1, queue=9, patience=9, longest=9)
    assert order(turns, ("heavy", 0.2), ("some", 0.05)) == ["heavy", "some"]

    waiting = [("heavy", 0.01), ("heavy", 0.01), ("some", 0.01), ("new", 0.01)]
    found = order(turns, ("other", 0.05), *waiting)
    assert found == ["other", "new", "some", "heavy", "heavy"]


@pytest.mark.parametrize("others", [1, 2])
def test_turn_ends_sooner_where_another_client_waits(others: int) -> None:
    turns = Turns(2, 2, queue=9, patience=0.5, longest=0.6)
    waiting = [(f"light{number}", 0.01) for number in range(others)]
    found = order(turns, ("heavy", 0.5), ("heavy", 0.5), *waiting)

    assert found.count("heavy TurnOverError") == others
    assert {each for each, _ in waiting} <= {*found}
    # Its own next one is no reason.
    assert "heavy TurnOverError" not in order(turns, *[("heavy", 0.3)] * 3)


def test_of_too_many_one_of_the_client_with_the_most_is_refused() -> None:
    turns = Turns(1, 1, queue=3, patience=9, longest=9)
    found = order(turns, *[("many", 0.01)] * 4, ("light", 0.01), ("many", 0.01))

    assert sorted(found) == ["light", *["many"] * 3, *["many BusyError"] * 2]


def test_turns_are_free_again_however_they_end() -> None:
    turns = Turns(1, 1, queue=9, patience=0.05, longest=0.1)

    async def cancelled() -> None:
        tasks = [asyncio.ensure_future(work(turns, each, 9, [])) for each in "ab"]
        await asyncio.sleep(0.01)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    asyncio.run(cancelled())
    assert order(turns, ("a", 9), ("b", 0)) == ["a TurnOverError", "b"]
    assert order(turns, ("a", 0), ("b", 0)) == ["a", "b"]


def test_addresses_of_one_network_are_one_client() -> None:
    one = {client_at(each) for each in ("2001:db8:1:2::1", "2001:db8:1:2:ffff::9%eth0")}
    assert len(one) == 1
    others = ("2001:db8:1:3::1", "::1", "192.0.2.1", "192.0.2.2", "", "unix")
    assert len(one | {client_at(each) for each in others}) == 1 + len(others)
    assert client_at("::ffff:192.0.2.1") == "192.0.2.1"
