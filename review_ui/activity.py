"""What the browser reports of a reviewer's view: how long it was visible and looked at, and how far it was scrolled. Nothing that was typed.

One summary leaves for each view, when the next one begins; what had not left when a page closed stays in the tab until the section page is
shown there again. It is mounted only while the site has activity summaries turned on. A summary that is refused concerns nobody: it is dropped.
"""

from contextlib import suppress
from functools import lru_cache
from typing import Any

import streamlit as st

from audit.errors import Problem
from drafting.overseeing import activity
from drafting.overseeing.switches import Switch, is_on
from review_ui.room import Room

NAME = "verascribe_activity"
SCRIPT = """
const KEPT = 'verascribe.view', IDLE = 60000, TICK = 1000;

function fresh(view) {
  return {view, visible_ms: 0, active_ms: 0, blurs: 0, scroll_min: 100, scroll_max: 0};
}

function kept() {
  try { return JSON.parse(sessionStorage.getItem(KEPT)); } catch { return null; }
}

function scrolled() {
  const main = document.querySelector('[data-testid=stMain]') || document.scrollingElement;
  const top = main.scrollTop, all = Math.max(main.scrollHeight, 1);
  return [Math.floor(100 * top / all), Math.min(100, Math.ceil(100 * (top + main.clientHeight) / all))];
}

export default function ({data, setTriggerValue}) {
  const before = kept();
  let sum = before && before.view === data.view ? before : fresh(data.view);
  if (before && before.view !== data.view) setTriggerValue('summary', before);
  let last = performance.now(), input = last;

  const store = () => sessionStorage.setItem(KEPT, JSON.stringify(sum));
  const tick = () => {
    const now = performance.now(), passed = Math.min(Math.round(now - last), 2 * TICK);
    last = now;
    if (document.visibilityState !== 'visible') return;
    sum.visible_ms += passed;
    if (document.hasFocus() && now - input < IDLE) sum.active_ms += passed;
    const [low, high] = scrolled();
    sum.scroll_min = Math.min(sum.scroll_min, low);
    sum.scroll_max = Math.max(sum.scroll_max, high);
    store();
  };
  const touched = () => { input = performance.now(); };
  const blurred = () => { sum.blurs += 1; store(); };
  const acts = ['pointerdown', 'pointermove', 'wheel', 'keydown', 'touchstart'];
  acts.forEach((name) => document.addEventListener(name, touched, {capture: true, passive: true}));
  window.addEventListener('blur', blurred);
  const timer = setInterval(tick, TICK);
  store();
  return () => {
    tick();
    clearInterval(timer);
    acts.forEach((name) => document.removeEventListener(name, touched, {capture: true}));
    window.removeEventListener('blur', blurred);
  };
}
"""


@lru_cache(maxsize=1)
def _component() -> Any:
    return st.components.v2.component(NAME, js=SCRIPT)


def collect(room: Room) -> None:
    """Have the browser watch this view of a reviewer, and keep what it reports of the one before."""
    with room.visit.ctx.database.read() as conn:
        wanted = room.view.capacity == "reviewer" and not room.view.asked and is_on(conn, Switch.ACTIVITY)
    if not wanted:
        return
    sent = _component()(key="activity", data={"view": room.seen}, on_summary_change=lambda: None, height=1).summary
    if sent:
        told = dict(sent)
        with suppress(Problem):
            activity.keep(room.visit.ctx, view_id=str(told.pop("view", "")), told=told, actor=room.visit.actor)
