"""Ask the drafter for sections: build each one's evidence, let it propose, several at once where the drafter allows it."""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass

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
    outcome: str  # drafted, insufficient, refused, rendered (records only), human (no machine text)

    @property
    def detail(self) -> str:
        """Return why there are no sentences."""
        return self.draft.refused or self.draft.insufficient

    @property
    def sentences(self) -> tuple[Sentence, ...]:
        """Return the proposed sentences."""
        return self.draft.sentences


def propose(ctx: Context, section: SectionOutline, pack: EvidencePack) -> Proposal:
    """Ask for one section; sections without machine text are not asked for."""
    if not section.machine:
        return Proposal(section, pack, Draft(()), "rendered" if pack.tables or "R" in section.by else "human")
    draft = ctx.drafter.draft(section, pack)
    return Proposal(
        section, pack, draft, "refused" if draft.refused else "insufficient" if draft.insufficient else "drafted"
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
