"""A loaded model with an adapter laid over it. It knows no voices."""

from dotsbook.model.dots import Dots
from dotsbook.model.network.second_core import twin
from dotsbook.model.training.adapter_file import Adapter, put_on


def adapted(base: Dots, adapter: Adapter, strength: float = 1.0) -> Dots:
    """`base` with the adapter; all other arrays are shared. ModelError unless it fits.

    strength: 0, the base to the bit; 1, as trained.
    """
    core = twin(base.core)
    put_on(core, adapter, strength)
    return Dots(base.checkpoint, core, base.vae, base.speaker, base.tokens)
