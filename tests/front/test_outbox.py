"""Own messages on their way: none lost, none twice, none out of order."""

from __future__ import annotations

from tests.front.conftest import Run

NEW = """
const { Outbox } = await import("/static/js/store/outbox.js");
const { Failure } = await import("/static/js/net/failure.js");
const { signal } = await import("@preact/signals");
localStorage.clear();
const sent = [];
const link = {
  state: signal("open"),
  request: frame => new Promise((resolve, reject) => sent.push({ ...frame, resolve, reject })),
};
const open = () => new Outbox(link, "me", localStorage, () => 0);
const turn = () => new Promise(done => setTimeout(done));
const posted = async (seq, at = sent.length - 1) => {
  sent[at].resolve({ t: "posted", seq, at: 1, room: "r", client_id: sent[at].client_id });
  await turn();
};
const refuse = async told => {
  sent.at(-1).reject(new Failure({ message: "No.", ...told }));
  await turn();
};
const texts = outbox => outbox.items.value.map(item => `${item.text} ${item.state}`);
const box = open();
"""


async def test_one_is_under_way_at_a_time(run: Run) -> None:
    program = f"""{NEW} box.post("r", "a"); box.post("r", "b"); box.post("other", "c");
      const first = sent.map(frame => frame.text);
      await posted(7, 0);
      return [first, sent.map(frame => frame.text), texts(box)];"""
    assert await run(program) == [
        ["a", "c"],
        ["a", "c", "b"],
        ["a kept", "b sending", "c sending"],
    ]


async def test_it_is_there_until_the_entry_comes_back(run: Run) -> None:
    program = f"""{NEW} box.post("r", "a"); await posted(7);
      const before = texts(box);
      box.heard({{ room: "r", seq: 7, client_id: sent[0].client_id }});
      return [before, texts(box), localStorage.length];"""
    assert await run(program) == [["a kept"], [], 0]


async def test_a_lost_connection_resends_the_same_post(run: Run) -> None:
    program = f"""{NEW} box.post("r", "a"); link.state.value = "waiting";
      await refuse({{ code: "connection_lost", retryable: true }});
      const waiting = texts(box);
      link.state.value = "open"; box.resume();
      return [waiting, sent.length, sent[0].client_id === sent[1].client_id];"""
    assert await run(program) == [["a waiting"], 2, True]


async def test_nothing_overtakes_what_is_to_be_tried_again(run: Run) -> None:
    program = f"""const later = [], real = window.setTimeout;
      window.setTimeout = (run, ms) => ms >= 1_000 ? later.push(run) : real(run, ms);
      {NEW} box.post("r", "a"); box.post("r", "b");
      await refuse({{ code: "storage_down", retryable: true }});
      box.post("r", "c"); box.resume(); await turn();
      const meanwhile = sent.map(frame => frame.text);
      later.pop()(); await turn();
      for (const seq of [7, 8, 9]) await posted(seq);
      window.setTimeout = real;
      return [meanwhile, sent.map(frame => frame.text), texts(box), later.length];"""
    kept = ["a kept", "b kept", "c kept"]
    assert await run(program) == [["a"], ["a", "a", "b", "c"], kept, 0]


async def test_a_reload_loses_nothing(run: Run) -> None:
    program = f"""{NEW} box.post("r", "a"); box.post("r", "b");
      const again = open(); const restored = texts(again); again.resume();
      return [restored, sent.at(-1).text, sent.at(-1).client_id === sent[0].client_id];"""
    assert await run(program) == [["a waiting", "b waiting"], "a", True]


async def test_a_refused_one_stays_until_one_decides(run: Run) -> None:
    program = f"""{NEW} box.post("r", "a"); await refuse({{ code: "may_not_post" }});
      const item = box.items.value[0]; const refused = [texts(box), item.error];
      box.retry(item.client_id); const retried = texts(box);
      const ids = new Set(sent.map(frame => frame.client_id));
      box.discard(box.items.value[0].client_id);
      return [refused, retried, ids.size, texts(box), localStorage.length];"""
    assert await run(program) == [[["a failed"], "No."], ["a sending"], 2, [], 0]
