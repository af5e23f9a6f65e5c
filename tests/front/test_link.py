"""The link to the server, while the server is away."""

from __future__ import annotations

import json

from tests.front.conftest import Run

NEW = """
const { render } = await import("preact");
const { signal } = await import("@preact/signals");
const { html } = await import("/static/js/html.js");
const { Link } = await import("/static/js/net/socket.js");
const { ConnectionBar } = await import("/static/js/view/bar.js");
const { Context } = await import("/static/js/view/context.js");
const dialled = [];
const Real = WebSocket;
window.WebSocket = class { constructor() { dialled.push(this); } close() {} send() {} };
const link = new Link("ws://localhost:9/socket");
const welcome = () => dialled.at(-1).onmessage({ data: '{"t":"welcome"}' });
const drop = (code = 1006) => dialled.at(-1).onclose({ code });
const end = answer => { link.stop(); window.WebSocket = Real; return answer; };
link.connect();
"""


async def test_trying_now_does_not_wait_for_the_next_try(run: Run) -> None:
    program = f"""{NEW} welcome(); drop();
      const root = document.createElement("div");
      const chat = {{ link, degraded: signal(false), own: signal(null) }};
      render(html`<${{Context.Provider}} value=${{chat}}><${{ConnectionBar}} /><//>`, root);
      const before = [link.state.value, dialled.length];
      const button = root.querySelector("button");
      const label = button.textContent.trim();
      button.click();
      const tried = [link.state.value, dialled.length];
      welcome();
      const story = await new Promise(done => setTimeout(() => done(root.textContent.trim())));
      render(null, root);
      return end([before, label, tried, link.state.value, story]);"""
    before, tried = ["waiting", 1], ["connecting", 2]
    assert await run(program) == [before, "Try now", tried, "open", ""]


async def test_a_machine_that_comes_back_tries_at_once(run: Run) -> None:
    program = f"""{NEW} drop(); link.wake(); const woken = dialled.length;
      link.wake(); return end([woken, dialled.length, link.state.value]);"""
    assert await run(program) == [2, 2, "connecting"]


async def test_an_ended_log_in_is_not_tried_again(run: Run) -> None:
    program = f"""{NEW} let ended = 0; link.onSessionEnded = () => (ended += 1);
      welcome(); drop(4001); link.wake();
      return end([ended, dialled.length, link.state.value]);"""
    assert await run(program) == [1, 1, "ended"]


async def test_clients_of_a_server_that_restarts_come_back_spread_over_what_it_said(
    run: Run,
) -> None:
    """Calmly told meanwhile, and forgotten once it is back."""
    program = f"""const chance = Math.random; let random = 0; Math.random = () => random;
      {NEW} welcome();
      dialled.at(-1).onmessage({{ data: '{{"t":"status","state":"leaving","retry_within":20}}' }});
      const root = document.createElement("div");
      const chat = {{ link, degraded: signal(false), own: signal(null) }};
      render(html`<${{Context.Provider}} value=${{chat}}><${{ConnectionBar}} /><//>`, root);
      const before = root.textContent.trim();
      const waits = [0, 0.5, 0.99].map(drawn => {{
        random = drawn;
        link.connect();
        dialled.at(-1).onmessage(
          {{ data: '{{"t":"status","state":"leaving","retry_within":20}}' }});
        const now = Date.now();
        drop(1001);
        return Math.round((link.retryAt.value - now) / 100) / 10;
      }});
      Math.random = chance;
      const story = await new Promise(done => setTimeout(() => done(root.textContent.trim())));
      link.connect(); welcome();
      render(null, root);
      return end([before, waits, story, link.leaving.value]);"""
    before, waits, story, leaving = await run(program)
    assert before.startswith("The server is restarting. This page comes back by itself.")
    assert waits == [0, 10, 19.8]
    assert "The server is restarting. This page comes back in 20 seconds." in story
    assert leaving is False


async def test_waits_are_by_chance_under_a_ceiling_that_doubles(run: Run) -> None:
    program = """const { Backoff } = await import("/static/js/net/backoff.js");
      const chance = [];
      const backoff = new Backoff(1000, 5000, () => chance.shift() ?? 0.5);
      const waits = [0, 0.5, 1, 1, 1].map(drawn => {
        chance.push(drawn); return backoff.next(); });
      backoff.spread(8000); waits.push(backoff.next(), backoff.next());
      backoff.reset(); waits.push(backoff.next());
      return waits;"""
    assert await run(program) == [0, 1000, 4000, 5000, 5000, 4000, 2500, 500]


async def test_a_frame_that_was_not_read_is_tried_again(run: Run) -> None:
    """Too fast: the error cannot say which one it was."""
    program = f"""{NEW} welcome();
      const told = [1, 2].map(() =>
        link.request({{ t: "ping" }})
          .catch(error => [error.code, error.retryable, error.retryAfter]));
      dialled.at(-1).onmessage({{ data: given }});
      const nobody = new Promise(done => setTimeout(() => done("nobody was told")));
      return end(await Promise.race([Promise.all(told), nobody]));"""
    error = {"t": "error", "code": "too_many_requests", "message": "Too fast."}
    given = json.dumps({**error, "retryable": True, "retry_after": 2})
    assert await run(program, given) == [["too_many_requests", True, 2]] * 2
