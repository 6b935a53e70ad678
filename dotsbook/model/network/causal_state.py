"""What causal layers must remember between one piece of a signal and the next. It knows arrays, no layers.

A network run over a signal in pieces gives the same numbers as over the whole if every causal layer puts the end of the
last piece before the next. Layers ask in the same order in every piece, so the memory is a list with a cursor.
"""

import mlx.core as mx


class CausalState:
    """The left context of one network's causal layers, (B, count, C) each, for B signals that began together."""

    def __init__(self):
        self._tails: list[mx.array] = []  # one a layer, in the order they ask
        self._cursor = 0  # the layer that asks next
        self._evaluated = 0  # layers whose tails `unevaluated` has given already
        self._begun = False  # a piece has gone before

    def prepend(self, x: mx.array, count: int, edge: bool = False) -> mx.array:
        """x (B, L, C) → (B, count + L, C), after the `count` frames that went before it.

        At the start of the signal these are zeros or, with `edge`, copies of its first frame.
        """
        if count == 0:
            return x
        if self._begun:
            tail = self._tails[self._cursor]
        elif edge:
            tail = mx.repeat(x[:, :1], count, axis=1)
        else:
            tail = mx.zeros((x.shape[0], count, x.shape[2]), x.dtype)
        joined = mx.concatenate([tail, x], axis=1)  # (B, count + L, C)
        # A copy: a slice would keep all of `joined` alive.
        kept = mx.take(joined, mx.arange(x.shape[1], x.shape[1] + count), axis=1)
        if self._begun:
            self._tails[self._cursor] = kept
        else:
            self._tails.append(kept)
        self._cursor += 1
        return joined

    def take(self, rows: list[int]) -> "CausalState":
        """The state of some of the signals. Only between pieces."""
        taken = CausalState()
        taken._begun = self._begun
        taken._tails = [mx.take(tail, mx.array(rows), axis=0) for tail in self._tails]
        return taken

    def unevaluated(self) -> list[mx.array]:
        """The tails written since the last call: evaluate them with the output, or they keep all its inputs alive."""
        since, self._evaluated = self._evaluated, self._cursor
        return self._tails[since : self._cursor]

    def end_piece(self) -> list[mx.array]:
        """Begin the next piece; gives the arrays that must be evaluated with this one's output."""
        self._cursor = self._evaluated = 0
        self._begun = True
        return self._tails
