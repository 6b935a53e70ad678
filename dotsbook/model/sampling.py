"""What a caller may choose about how an utterance is decoded, and which model allows it. It does no arithmetic."""

from dataclasses import dataclass

from dotsbook.errors import ModelError
from dotsbook.model.checkpoint.config import ModelConfig
from dotsbook.model.failures import FixedSampling

STEPS = {"flow_matching": 10, "meanflow": 4, "scm": 2}
METHODS = ("euler", "midpoint")


@dataclass(frozen=True)
class SamplingOptions:
    """None means the model's own setting: what it was distilled for, or else the reference implementation's default."""

    num_steps: int | None = None  # solver steps a patch: more is slower and closer to the flow
    ode_method: str | None = None  # "euler", or "midpoint" with two evaluations a step; flow matching only
    guidance_scale: float | None = None  # pull away from the unconditioned velocity; flow matching only
    eos_threshold: float = 0.8  # how sure the model must be that the line has ended
    max_patches: int = 500  # room, the reference's patches included: an utterance that has not ended is cut


@dataclass(frozen=True)
class ResolvedSampling(SamplingOptions):
    """Every setting filled in, and allowed by the model."""

    num_steps: int = 10
    ode_method: str = "euler"
    guidance_scale: float = 1.2


def resolve(sampling: SamplingOptions, config: ModelConfig) -> ResolvedSampling:
    """Fill in what is None. FixedSampling for what this model can't do, ModelError for what no model can."""
    fixed = config.sampling
    if fixed is not None:
        for name in ("num_steps", "ode_method", "guidance_scale"):
            asked, own = getattr(sampling, name), getattr(fixed, name)
            if asked is not None and asked != own:
                raise FixedSampling(
                    f"This model was distilled for {name} {own}; {asked} can't be asked of it. Leave {name} out."
                )
    default = fixed or ResolvedSampling(STEPS[config.solver])
    filled = ResolvedSampling(
        default.num_steps if sampling.num_steps is None else sampling.num_steps,
        default.ode_method if sampling.ode_method is None else sampling.ode_method,
        default.guidance_scale if sampling.guidance_scale is None else sampling.guidance_scale,
        sampling.eos_threshold,
        sampling.max_patches,
    )
    _check(filled, config.solver)
    return filled


def _check(sampling: ResolvedSampling, solver: str) -> None:
    if not 1 <= sampling.num_steps <= 1000:
        raise ModelError(f"num_steps is {sampling.num_steps}; use 1 to 1000.")
    if sampling.ode_method not in METHODS:
        raise ModelError(f"There is no ode_method {sampling.ode_method!r}; use euler or midpoint.")
    if solver != "flow_matching" and sampling.ode_method != "euler":
        raise FixedSampling(
            f"ode_method {sampling.ode_method} is for flow matching; this model's solver is {solver}. Leave it out."
        )
    if solver == "scm" and sampling.num_steps != STEPS["scm"]:
        raise FixedSampling(
            f"sCM takes two steps; num_steps {sampling.num_steps} can't be asked of it. Leave num_steps out."
        )
    if not 0 <= sampling.guidance_scale <= 100:
        raise ModelError(f"guidance_scale is {sampling.guidance_scale}; use 0 to 100.")
    if not 1 <= sampling.max_patches <= 100_000:
        raise ModelError(f"max_patches is {sampling.max_patches}; use 1 to 100,000.")
