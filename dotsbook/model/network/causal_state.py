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
        before = self.tails(1)
        if before:
            [tail] = before
        elif edge:
            tail = mx.repeat(x[:, :1], count, axis=1)
        else:
            tail = mx.zeros((x.shape[0], count, x.shape[2]), x.dtype)
        joined = mx.concatenate([tail, x], axis=1)  # (B, count + L, C)
        self.leave(mx.contiguous(joined[:, x.shape[1] :]))  # a copy: a slice would keep all of `joined` alive
        return joined

    def tails(self, count: int) -> list[mx.array] | None:
        """What the layer that asks next left, `count` arrays; None at the start of the signal."""
        return self._tails[self._cursor : self._cursor + count] if self._begun else None

    def leave(self, *tails: mx.array) -> None:
        """Keep these for the next piece; the next layer's turn."""
        self._tails[self._cursor : self._cursor + len(tails)] = tails
        self._cursor += len(tails)

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
