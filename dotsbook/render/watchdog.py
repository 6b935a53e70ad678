"""How long to wait for an engine before it counts as hung. Pure but for the clock it is handed."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Patience:
    """Seconds without an answer that are still no hang."""

    first: float = 900.0  # before the first answer: models load and compile
    least: float = 120.0
    times: float = 10.0  # the expected length of the whole batch
    grace: float = 10.0  # for a killed engine's thread to come back

    def limit(self, expected: float | None) -> float:
        """expected: seconds for the batch, None while nothing has been measured."""
        return self.first if expected is None else max(self.least, self.times * expected)
