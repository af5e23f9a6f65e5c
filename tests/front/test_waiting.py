"""How the link waits before it tries again."""

from __future__ import annotations

from tests.front.conftest import Run

BACKOFF = 'const { Backoff } = await import("/static/js/net/backoff.js");'


async def test_each_wait_doubles_up_to_a_ceiling(run: Run) -> None:
    program = f"{BACKOFF} const wait = new Backoff(100, 500, () => 1 - 1e-9);"
    program += "const all = [1, 2, 3, 4, 5].map(() => Math.round(wait.next())); wait.reset();"
    assert await run(f"{program} return [...all, Math.round(wait.next())];") == [
        *(100, 200, 400, 500, 500),
        100,
    ]


async def test_waits_are_spread_over_all_of_the_ceiling(run: Run) -> None:
    program = f"{BACKOFF} const waits = Array.from({{length: 200}}, () => new Backoff(100).next());"
    least, most = await run(f"{program} return [Math.min(...waits), Math.max(...waits)];")
    assert 0 <= least < 20
    assert 80 < most <= 100
