"""The facts of a section by attribute, as the sentences on them ask for them. Pure."""

from collections.abc import Callable, Sequence
from decimal import Decimal, InvalidOperation

from drafting.drafters.wording import counted
from drafting.model import EvidencePack, Fact
from drafting.statistics.rules import RuleSet

MOST_NAMED = 6  # attributes in one sentence


class Said:
    """The facts of a section by attribute, and the counts over all of them."""

    def __init__(self, pack: EvidencePack, name: str) -> None:
        self.pack, self.name = pack, name
        named = [f.removesuffix(".mean") for f in pack.facts if f.endswith(".mean")]
        self.lots = any(f.endswith(".lots.signals") for f in pack.facts)
        self.attributes = [
            a
            for a in sorted(named)
            if f"{a}.attribute" in pack.facts and not pack.facts[f"{a}.mean"].inputs.get("contradicted_batches")
        ]

    def has(self, count: str) -> bool:
        """Tell whether a count over all attributes is there and above zero."""
        fact = self.pack.facts.get(f"{self.name}.{count}")
        return fact is not None and fact.exact != "0"

    def count(self, name: str, one: str, many: str) -> str:
        """Return a count over all attributes with its noun."""
        return counted(self.pack, f"{self.name}.{name}", one, many)

    def fact(self, attribute: str, stat: str) -> Fact | None:
        """Return a fact of an attribute."""
        return self.pack.facts.get(f"{attribute}.{stat}")

    def value(self, attribute: str, stat: str) -> Decimal:
        """Return the exact figure, zero where there is none."""
        fact = self.fact(attribute, stat)
        try:
            return Decimal(fact.exact) if fact else Decimal(0)
        except InvalidOperation:
            return Decimal(0)

    def told(self, attribute: str) -> str:
        """Return how the index of an attribute may be read."""
        fact = self.fact(attribute, "index")
        return fact.value if fact else ""

    def headline(self, attribute: str) -> str:
        """Return the statistic that is the headline index of an attribute; "" where it has none."""
        if self.fact(attribute, "index") is None or self.told(attribute).startswith("no index"):
            return ""
        return next((stat for stat in ("ppk_percentile", "ppk_lots") if self.fact(attribute, stat)), "ppk")

    def n(self, attribute: str) -> str:
        """Return how many values an index rests on, as a sentence gives it beside the index."""
        return f"n = {{fact:{attribute}.{'lots.count' if self.lots else 'n'}}}"

    @property
    def patterns(self) -> str:
        """Return how a count of points says that other rules than the first are in force."""
        rules = self.fact(self.name, "rules")
        if rules is None or (rules.exact == RuleSet.ONE and not rules.inputs.get("otherwise")):
            return ""
        otherwise = " and of rules chosen for single attributes" if rules.inputs.get("otherwise") else ""
        return f", or in a pattern of {{fact:{rules.id}}}{otherwise},"

    def most(self, stat: str) -> list[str]:
        """Return the attributes of which a count is above zero, the largest first."""
        found = [a for a in self.attributes if self.value(a, stat) > 0]
        return sorted(found, key=lambda a: -self.value(a, stat))

    def with_fact(self, stat: str) -> list[str]:
        """Return the attributes of which there is a count, those without any figure too, the largest first."""
        found = [key.removesuffix(f".{stat}") for key in self.pack.facts if key.endswith(f".{stat}")]
        return sorted(found, key=lambda a: (-self.value(a, stat), a))

    def specification(self, attribute: str) -> str:
        """Return the key of the specification of an attribute; "" where the section holds none."""
        return next(
            (k for k in sorted(self.pack.records) if k.startswith("specification/") and k.endswith(f"/{attribute}")), ""
        )


def listed_of(found: Sequence[str], say: Callable[[str], str]) -> str:
    """Return what is said of attributes as clauses of one sentence, the first few of them."""
    rest = "; and others as in the table" if len(found) > MOST_NAMED else ""
    return "; ".join(say(a) for a in found[:MOST_NAMED]) + rest


def named(attribute: str) -> str:
    """Return the reference that prints how people call an attribute."""
    return f"{{fact:{attribute}.attribute}}"
