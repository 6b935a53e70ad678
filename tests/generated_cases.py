"""Requests as schemathesis makes them from a schema, sent one after another. It knows no server."""

from collections.abc import Callable
from typing import Any


def send_each(cases: Any, count: int, seed: int, send: Callable[[Any], object]) -> None:
    """cases: a strategy of cases; send: takes one. What it raises ends it. hypothesis' Unsatisfiable where there is no case."""
    from hypothesis import HealthCheck, Phase, given, settings
    from hypothesis import seed as seeded

    @seeded(seed)
    @settings(
        max_examples=count,
        deadline=None,
        suppress_health_check=list(HealthCheck),
        phases=[Phase.generate],
        database=None,
    )
    @given(cases)
    def one(case: Any) -> None:
        send(case)

    one()
