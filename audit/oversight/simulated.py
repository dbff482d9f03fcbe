"""The form of a simulated figure, and how figures become one. Pure."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Tell = Callable[[str, int, int], None]  # what is being done, how many parts are done, of how many


@dataclass(frozen=True)
class Row:
    """One figure; `error` is the standard error of the simulation, 0 where the figure is exact."""

    name: str
    value: float
    error: float = 0.0

    def tree(self) -> dict[str, Any]:
        """Return the row for JSON."""
        exact = {} if self.error == 0 else {"error": float(f"{self.error:.3g}")}
        return {"name": self.name, "value": float(f"{self.value:.6g}"), **exact}


def averaged(name: str, values: NDArray[Any]) -> Row:
    """Return the mean of independent values with its standard error."""
    return Row(name, float(np.mean(values)), float(np.std(values) / max(1, len(values)) ** 0.5))


def quantile(name: str, values: NDArray[Any], share: float) -> Row:
    """Return a quantile of independent values, with a standard error by the normal approximation of order statistics."""
    spread = (share * (1 - share) / max(1, len(values))) ** 0.5
    low, high = np.quantile(values, [max(0.0, share - spread), min(1.0, share + spread)])
    return Row(name, float(np.quantile(values, share)), float(high - low) / 2)
