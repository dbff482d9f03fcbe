"""What a proposal tells while it is made: what stands behind each guess, and what is asked."""

from dataclasses import dataclass, field


@dataclass
class Told:
    """What stands behind the guesses of a proposal so far, and what is asked of a person."""

    notes: dict[str, tuple[str, ...]] = field(default_factory=dict)
    questions: list[str] = field(default_factory=list)

    def tell(self, header: str, *notes: str) -> None:
        """Note what stands behind the guesses for a column, by its header; "" is the file as a whole."""
        self.notes[header] = (*self.notes.get(header, ()), *notes)
