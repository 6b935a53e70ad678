"""What fetching from the hub would take, for whoever is asked whether it may. It fetches nothing."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from dotsbook.model.checkpoint.hub import PullPlan


@dataclass(frozen=True)
class Fetch:
    """A model, or the files of a voice."""

    source: str  # on the hub
    files: int
    bytes: int  # of all of them
    missing: int  # bytes to fetch
    licence: str  # in its maker's words
    warning: str = ""  # what whoever fetches it should know first


Allow = Callable[[Fetch], bool]


def announced(allow: Allow, warning: str = "") -> "Callable[[PullPlan], bool]":
    """`allow`, asked of what the hub has listed."""

    def announce(plan: "PullPlan") -> bool:
        licence = plan.licence or "not said"
        return allow(Fetch(str(plan.source), len(plan.files), plan.size, plan.missing, licence, warning))

    return announce
