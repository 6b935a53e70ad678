"""A stack of LSTM layers whose state is an argument, so that a signal can come in pieces. It knows torch's gate order."""

import mlx.core as mx
import mlx.nn as nn

from dotsbook.model.network.elementary import lstm_cell, on_cpu

LSTMState = list[tuple[mx.array, mx.array]]  # (hidden, cell), each (B, C), one pair a layer


class LSTMStack(nn.Module):
    """torch's nn.LSTM in one direction, under its names: weights (4C, C) of the gates input, forget, cell, output."""

    def __init__(self, size: int, layers: int):
        super().__init__()
        for i in range(layers):
            setattr(self, f"weight_ih_l{i}", mx.zeros((4 * size, size)))
            setattr(self, f"weight_hh_l{i}", mx.zeros((4 * size, size)))
            setattr(self, f"bias_ih_l{i}", mx.zeros((4 * size,)))
            setattr(self, f"bias_hh_l{i}", mx.zeros((4 * size,)))
        self._size, self._count = size, layers

    def __call__(self, x: mx.array, state: LSTMState | None) -> tuple[mx.array, LSTMState]:
        """x (B, L, C) after `state`, None at the start → (B, L, C) and the state after it."""
        if state is None:
            zero = mx.zeros((x.shape[0], self._size), x.dtype)
            state = [(zero, zero)] * self._count
        after = []
        for i in range(self._count):
            x, last = self._run(x, state[i], i)
            after.append(last)
        return x, after

    def _run(self, x: mx.array, state: tuple[mx.array, mx.array], i: int) -> tuple[mx.array, tuple]:
        bias = self[f"bias_ih_l{i}"] + self[f"bias_hh_l{i}"]
        gates = mx.addmm(bias, x, self[f"weight_ih_l{i}"].T)  # (B, L, 4C), all frames at once
        recurrent, outputs = self[f"weight_hh_l{i}"].T, []
        hidden, cell = state
        for t in range(x.shape[1]):
            into, keep, new, out = mx.split(mx.addmm(gates[:, t], hidden, recurrent), 4, axis=-1)
            hidden, cell = lstm_cell(into, keep, new, out, cell)
            outputs.append(hidden)
            if t % 64 == 63 and on_cpu():
                mx.eval(hidden, cell)
        return mx.stack(outputs, axis=1), (hidden, cell)


class SkippedLSTM(nn.Module):
    """An LSTM stack with a skip connection: its output plus its input."""

    def __init__(self, size: int, layers: int):
        super().__init__()
        self.lstm = LSTMStack(size, layers)

    def __call__(self, x: mx.array, state: LSTMState | None = None) -> tuple[mx.array, LSTMState]:
        y, state = self.lstm(x, state)
        return y + x, state
