"""Ask the drafter for sections: build each one's evidence, let it propose, several at once where the drafter allows it."""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass

from audit.errors import EndpointFailed
from drafting.context import Context
from drafting.evidence.pack import pack_of
from drafting.evidence.scope import Loaded
from drafting.model import Draft, EvidencePack, Sentence
from prompts.outline import SectionOutline

Progress = Callable[[str, int, int], None]


@dataclass(frozen=True)
class Proposal:
    """One section as proposed, before it is stored: its evidence, the draft, and what became of it."""

    outline: SectionOutline
    pack: EvidencePack
    draft: Draft
    outcome: str  # drafted, insufficient, refused (a bad reply), failed (no answer), rendered (records only), human

    @property
    def detail(self) -> str:
        """Return why there are no sentences."""
        return self.draft.failed or self.draft.refused or self.draft.insufficient

    @property
    def unanswered(self) -> bool:
        """Tell whether the drafter was asked and nothing at all came back."""
        return bool(self.draft.failed) and not self.draft.reply

    @property
    def sentences(self) -> tuple[Sentence, ...]:
        """Return the proposed sentences."""
        return self.draft.sentences


def propose(ctx: Context, section: SectionOutline, pack: EvidencePack) -> Proposal:
    """Ask for one section; sections without machine text are not asked for."""
    if not section.machine:
        return Proposal(section, pack, Draft(()), "rendered" if pack.tables or "R" in section.by else "human")
    draft = ctx.drafter.draft(section, pack)
    return Proposal(section, pack, draft, _outcome(draft))


def _outcome(draft: Draft) -> str:
    if draft.failed:
        return "failed"
    return "refused" if draft.refused else "insufficient" if draft.insufficient else "drafted"


def refuse_silence(proposals: Sequence[Proposal]) -> None:
    """Raise EndpointFailed where the drafter was asked and not one section got an answer: there is no draft to store."""
    asked = [p for p in proposals if p.outline.machine]
    if asked and all(p.unanswered for p in asked):
        raise EndpointFailed(
            f"No section was drafted: {asked[0].draft.failed}",
            remedy="No report was stored and what was asked is kept. Draft again when it answers, or unset VERASCRIBE_MODEL.",
        )


def propose_all(
    ctx: Context,
    sections: Sequence[SectionOutline],
    loaded: Loaded,
    *,
    done: list[Proposal],
    progress: Progress | None = None,
) -> None:
    """Put each section's proposal into `done` as it is finished, and tell it from the calling thread, one at a time.

    Whatever raises cancels what has not begun and waits for what has: `done` then holds everything that was exchanged.
    """
    pool = ThreadPoolExecutor(ctx.drafter.at_once)

    def work(section: SectionOutline) -> SectionOutline:
        done.append(propose(ctx, section, pack_of(loaded, section)))
        return section

    try:
        waited_for_first = sorted(sections, key=lambda s: not s.machine)
        running = [pool.submit(work, section) for section in waited_for_first]
        for number, finished in enumerate(as_completed(running), start=1):
            section = finished.result()
            if progress:
                progress(section.title, number, len(running))
    finally:
        pool.shutdown(cancel_futures=True)
