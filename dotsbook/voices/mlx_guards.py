"""What makes MLX slow on this machine, to be said before the first take. It knows no engine."""

import sys

from dotsbook.machine_state import machine_state
from dotsbook.wording import size


def mlx_guards(weights: int, allowed: int | None) -> list[str]:
    """Sentences; none where all is well. weights: bytes of the model; allowed: bytes the engine may use."""
    from dotsbook.model.network.elementary import on_cpu

    found = []
    if sys.platform == "darwin" and on_cpu():
        found.append(
            "MLX runs on this Mac's processor and not on Metal, so this will be far slower than it need be: "
            "is this Python made for Intel? `python -c 'import platform; print(platform.machine())'` must print arm64."
        )
    if allowed is not None and weights > allowed:
        found.append(
            f"The model takes {size(weights)} and may use {size(allowed)}: expect swapping. Take one of fewer bits "
            "(`dotsbook model quantize`), or allow it more with `--memory`."
        )
    if slowing := machine_state().slowing():
        found.append(f"This machine is slower than it can be: {', '.join(slowing)}.")
    return found
