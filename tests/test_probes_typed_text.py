"""Text that cannot be kept, typed in a checked view and in any other: the same refusal, whichever form it was typed in."""

from collections.abc import Callable
from pathlib import Path

import pytest
from desk import Desk
from test_probes_signing import CHECKED, WITHOUT, desk_with

from audit.clock import FixedClock
from audit.database import Database
from audit.errors import Invalid
from drafting import reviewing
from drafting.probes import live
from drafting.probes.workflow import Noted

SAME, OTHER = "clearer wording, same meaning", "added context or judgement"


@pytest.mark.parametrize("bad", ["Why\x00?", "Why\ud800?"])
@pytest.mark.parametrize("drawn", [CHECKED, WITHOUT])
def test_what_cannot_be_kept_is_refused_in_the_same_words(
    sqlite_database: Database, clock: FixedClock, new_id: Callable[[], str], tmp_path: Path, drawn: str, bad: str
) -> None:
    desk: Desk = desk_with(drawn, sqlite_database, clock, new_id, tmp_path)
    view, actor = desk.see(CHECKED, "reviewer"), desk.actor("reviewer")
    on = {"sentence_id": "quality-2", "version": 1, "seen": view.view_id, "actor": actor}
    forms: list[tuple[Noted, Callable[[], object]]] = [
        (Noted("quality-2", "question", bad), lambda: reviewing.question(desk.ctx, reason=bad, **on)),
        (
            Noted("quality-2", "propose", bad, SAME),
            lambda: reviewing.propose(desk.ctx, text=bad, category=SAME, reason="", **on),
        ),
        (
            Noted("quality-2", "propose", "Fine.", SAME, bad),
            lambda: reviewing.propose(desk.ctx, text="Fine.", category=SAME, reason=bad, **on),
        ),
        (
            Noted("quality-2", "propose", "Fine.", OTHER, bad),
            lambda: reviewing.propose(desk.ctx, text="Fine.", category=OTHER, reason=bad, **on),
        ),
        (
            Noted("section", "return", bad, "incorrect"),
            lambda: reviewing.return_section(
                desk.ctx, section_id=CHECKED, category="incorrect", reason=bad, seen=view.view_id, actor=actor
            ),
        ),
    ]
    for note, act in forms:
        with pytest.raises(Invalid) as found:
            _ = live.decide(desk.ctx, seen=view.view_id, note=note, actor=actor) or act()
        assert found.value.message == "The text holds a character that cannot be kept."
