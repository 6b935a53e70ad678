"""Fits the weights of dotsbook/ears/weighing.py: a small net by Adam, in NumPy. It knows figures and labels only."""

import numpy as np

from dotsbook.ears.weighing import Net


def fitted(
    figures: np.ndarray,
    labels: np.ndarray,
    weight: np.ndarray,
    hidden: int = 14,
    steps: int = 700,
    decay: float = 3e-4,
    seed: int = 0,
) -> Net:
    """figures: (rows, n); labels: (rows,) of 0 and 1; weight: (rows,) how much each counts."""
    dice = np.random.default_rng(seed)
    mean, spread = figures.mean(axis=0), figures.std(axis=0) + 1e-3
    rows = ((figures - mean) / spread).clip(-6, 6)
    held = {
        "inner": dice.normal(0, 0.5 / np.sqrt(rows.shape[1]), (rows.shape[1], hidden)),
        "bias": np.zeros(hidden),
        "outer": dice.normal(0, 0.5, hidden),
        "shift": np.array(-3.0),
    }
    first = {name: np.zeros_like(value) for name, value in held.items()}
    second = {name: np.zeros_like(value) for name, value in held.items()}
    weight = weight / weight.sum()
    for step in range(1, steps + 1):
        inside = np.tanh(rows @ held["inner"] + held["bias"])
        odds = inside @ held["outer"] + held["shift"]
        error = (1 / (1 + np.exp(-odds)) - labels) * weight
        back = np.outer(error, held["outer"]) * (1 - inside**2)
        slope = {
            "inner": rows.T @ back + decay * held["inner"],
            "bias": back.sum(axis=0),
            "outer": inside.T @ error + decay * held["outer"],
            "shift": error.sum(),
        }
        rate = 0.03 * 0.5 * (1 + np.cos(np.pi * step / steps))
        for name, value in slope.items():
            first[name] = 0.9 * first[name] + 0.1 * value
            second[name] = 0.999 * second[name] + 0.001 * value**2
            held[name] = held[name] - rate * (first[name] / (1 - 0.9**step)) / (
                np.sqrt(second[name] / (1 - 0.999**step)) + 1e-8
            )
    return Net(mean, spread, held["inner"], held["bias"], held["outer"], float(held["shift"]))
