"""How noise becomes a patch, given a velocity. It knows step rules, no network.

A solver has stages: the (time, duration) of each evaluation of the velocity. Each stage has a cache of its own. `solve`
takes velocity(stage number, z) and noise (B, draws, P, D), and gives the patch (B, P, D).
"""

import math
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from itertools import pairwise

import mlx.core as mx
import numpy as np

from dotsbook.model.checkpoint.config import ModelConfig
from dotsbook.model.sampling import ResolvedSampling

Velocity = Callable[[int, mx.array], mx.array]


@dataclass(frozen=True)
class Solver:
    """What all solvers have. Rows with equal solvers can be decoded together."""

    stages: tuple[tuple[float, float | None], ...]  # (t, duration) of each evaluation
    guidance: float = 0.0  # 0: there is no unconditioned branch
    draws: int = 1  # noise draws a patch

    @property
    def guided(self) -> bool:
        return self.guidance != 0.0

    def solve(self, velocity: Velocity, noise: mx.array) -> mx.array:
        raise NotImplementedError


@partial(mx.compile, shapeless=True)
def _advance(z: mx.array, v: mx.array, dt: mx.array) -> mx.array:
    return z + dt * v.astype(z.dtype)


def advance(z: mx.array, v: mx.array, dt: float) -> mx.array:
    """z + dt · v, float32."""
    return _advance(z, v, mx.array(dt))


@partial(mx.compile, shapeless=True)
def _guide(conditioned: mx.array, unconditioned: mx.array, guidance: mx.array) -> mx.array:
    return conditioned + guidance * (conditioned - unconditioned)


def guide(conditioned: mx.array, unconditioned: mx.array, guidance: float) -> mx.array:
    """The conditioned velocity, pushed away from the unconditioned one."""
    return _guide(conditioned, unconditioned, mx.array(guidance, conditioned.dtype))


class Euler(Solver):
    """z += dt · v. MeanFlow is the same rule with the duration told to the network."""

    def solve(self, velocity: Velocity, noise: mx.array) -> mx.array:
        z, ends = noise[:, 0], [t for t, _ in self.stages[1:]] + [1.0]
        for i, (t, _) in enumerate(self.stages):
            z = advance(z, velocity(i, z), ends[i] - t)
        return z


class Midpoint(Solver):
    """z += dt · v, with v at the end of half a step. Stages come in pairs: the step's start and its middle."""

    def solve(self, velocity: Velocity, noise: mx.array) -> mx.array:
        z, dt = noise[:, 0], 2.0 / len(self.stages)
        for i in range(0, len(self.stages), 2):
            half = advance(z, velocity(i, z), dt / 2)
            z = advance(z, velocity(i + 1, half), dt)
        return z


@dataclass(frozen=True)
class Consistency(Solver):
    """sCM: a guess from pure noise; then noise added to it up to the angle tau_mid, and a second guess from there."""

    taus: tuple[float, ...] = ()  # angles on the TrigFlow arc, radians
    sigma: float = 0.0

    def solve(self, velocity: Velocity, noise: mx.array) -> mx.array:
        guess = mx.zeros_like(noise[:, 0])
        for i, tau in enumerate(self.taus):
            scale, slope = _trig(tau, self.sigma)
            x = math.cos(tau) * guess + math.sin(tau) * noise[:, i] if i else noise[:, 0]
            flow = x / scale
            trig = slope * flow - velocity(i, flow).astype(mx.float32) / scale
            guess = math.cos(tau) * x - math.sin(tau) * trig
        return guess


def _trig(tau: float, sigma: float) -> tuple[float, float]:
    """At an angle tau: the factor between TrigFlow's state and the flow's, and its derivative."""
    rest = 1.0 - sigma
    return math.sin(tau) + rest * math.cos(tau), math.cos(tau) - rest * math.sin(tau)


def solver_for(config: ModelConfig, sampling: ResolvedSampling) -> Solver:
    """The solver that the model was made for, with these settings."""
    steps = sampling.num_steps
    if config.solver == "scm" and config.sampling is not None:
        taus = (math.pi / 2, config.sampling.tau_mid)
        times = [math.cos(tau) / _trig(tau, config.fm_sigma)[0] for tau in taus]
        return Consistency(tuple((t, None) for t in times), draws=2, taus=taus, sigma=config.fm_sigma)
    if config.solver == "meanflow":
        ends = np.linspace(0, 1, steps + 1, dtype=np.float32)
        return Euler(tuple((float(t), float(end - t)) for t, end in pairwise(ends)))
    per_step = 2 if sampling.ode_method == "midpoint" else 1
    stages = tuple((i / (steps * per_step), None) for i in range(steps * per_step))
    return (Midpoint if per_step == 2 else Euler)(stages, sampling.guidance_scale)
