"""A twin of the drafter: answers with what it was given, section by section. It ships so that tests need no patching."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from drafting.model import Draft, EvidencePack
from prompts.outline import SectionOutline


@dataclass(frozen=True)
class ScriptedDrafter:
    """Answer with the draft scripted for a section's key; insufficient where none is."""

    drafts: Mapping[str, Draft] = field(default_factory=dict)
    name: str = "scripted drafter"
    at_once: int = 1

    @property
    def configuration(self) -> dict[str, str]:
        """Return what shapes its drafts."""
        return {"drafter": "scripted", "sections": ",".join(sorted(self.drafts))}

    def draft(self, section: SectionOutline, pack: EvidencePack) -> Draft:  # noqa: ARG002 - the protocol's shape
        """Return the scripted draft."""
        return self.drafts.get(section.key, Draft((), insufficient="nothing is scripted for this section"))
