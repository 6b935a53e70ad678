"""What causal layers must remember between one piece of a signal and the next. It knows arrays, no layers.

A network run over a signal in pieces gives the same numbers as over the whole, if every causal layer puts the end of
the last piece before the next. Layers ask in the same order each time, so the memory is a list and a cursor.
"""

import mlx.core as mx


class CausalState:
    """The left context of one network's causal layers, for signals side by side that began together."""

    def __init__(self):
        self._tails: list[mx.array] = []
        self._cursor = 0
        self._settled = 0
        self._begun = False

    def before(self, x: mx.array, count: int, edge: bool = False) -> mx.array:
        """`x` (B, L, C) with the `count` frames that went before it; at the very start zeros, or its first frame."""
        if count == 0:
            return x
        if self._begun:
            tail = self._tails[self._cursor]
        elif edge:
            tail = mx.repeat(x[:, :1], count, axis=1)
        else:
            tail = mx.zeros((x.shape[0], count, x.shape[2]), x.dtype)
        joined = mx.concatenate([tail, x], axis=1)  # (B, count + L, C)
        kept = mx.take(
            joined, mx.arange(x.shape[1], x.shape[1] + count), axis=1
        )  # a copy: a slice would hold all of it
        if self._begun:
            self._tails[self._cursor] = kept
        else:
            self._tails.append(kept)
        self._cursor += 1
        return joined

    def take(self, rows: list[int]) -> "CausalState":
        """The same of some of the signals only; between pieces."""
        taken = CausalState()
        taken._begun = self._begun
        taken._tails = [mx.take(tail, mx.array(rows), axis=0) for tail in self._tails]
        return taken

    def fresh(self) -> list[mx.array]:
        """What layers left since the last call. Evaluate it with their output: until then it holds all they saw."""
        since, self._settled = self._settled, self._cursor
        return self._tails[since : self._cursor]

    def turn(self) -> list[mx.array]:
        """The piece is done; gives the arrays that must be evaluated with its output."""
        self._cursor = self._settled = 0
        self._begun = True
        return self._tails
