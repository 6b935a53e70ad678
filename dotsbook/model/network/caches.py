"""Keys and values of what a stack of layers has seen, for rows of different lengths side by side. It knows no networks.

Rows are padded on the left, so that all end at the same place and one write serves every row; padding is hidden by the
masks. Buffers grow in steps and are written in place: a write costs the same however much is in the cache.
"""

import mlx.core as mx
import numpy as np

from dotsbook.model.network.elementary import on_cpu

CPU_STEP, GPU_STEP = (
    64,
    256,
)  # tokens a buffer grows by: on a GPU growing costs launches, on a CPU memory is scarcer


def step() -> int:
    return CPU_STEP if on_cpu() else GPU_STEP


def stepped(tokens: int) -> int:
    """As many tokens as a buffer for them holds."""
    return -(-tokens // step()) * step()


class KVCache:
    """Arrays are (B, heads, capacity, head_dim), one pair a layer; the first `length` tokens of them count.

    hidden (B, length): padding, which a row must not see. positions (B,): each row's next rotary position.
    """

    def __init__(self, layers: int, rows: int = 1):
        self.keys: list[mx.array | None] = [None] * layers
        self.values: list[mx.array | None] = [None] * layers
        self.length = 0
        self.hidden = np.zeros((rows, 0), bool)
        self.positions = np.zeros(rows, np.int32)

    def copy(self) -> "KVCache":
        """Another cache with the same content; arrays are shared until either is written to."""
        twin = KVCache(len(self.keys))
        twin.keys, twin.values, twin.length = list(self.keys), list(self.values), self.length
        twin.hidden, twin.positions = self.hidden.copy(), self.positions.copy()
        return twin

    def write(self, layer: int, keys: mx.array, values: mx.array) -> tuple[mx.array, mx.array]:
        """Put n new tokens (B, heads, n, head_dim) after `length`; gives everything up to their end.

        They count only after `advance`: until then another write takes their place.
        """
        end = self.length + keys.shape[2]
        self.keys[layer] = all_keys = self._put(self.keys[layer], keys, end)
        self.values[layer] = all_values = self._put(self.values[layer], values, end)
        return all_keys[:, :, :end], all_values[:, :, :end]

    def _put(self, buffer: mx.array | None, new: mx.array, end: int) -> mx.array:
        if buffer is None or end > buffer.shape[2]:
            batch, heads, _, width = new.shape
            room = stepped(end) - self.length
            fresh = mx.zeros((batch, heads, room, width), new.dtype)
            buffer = fresh if buffer is None else mx.concatenate([buffer[:, :, : self.length], fresh], axis=2)
        buffer[:, :, self.length : end] = new
        return buffer

    def offset(self, pads: np.ndarray | None = None) -> int | mx.array:
        """The rotary position of the next chunk's first token, one number or (B,). `pads` (B,): how many of the chunk's
        first tokens are padding in each row.
        """
        first = self.positions if pads is None else self.positions - pads
        return int(first[0]) if (first == first[0]).all() else mx.array(first)

    def mask(self, count: int, pads: np.ndarray | None = None, block: int = 0) -> mx.array | str | None:
        """Which keys each of the next `count` tokens may see: those before it, and the last `block` tokens one another.

        None where they may see all, "causal" where nothing else is hidden, else booleans (B, 1, count, length + count),
        or (1, 1, …) where all rows are alike. `pads` as in `offset`.
        """
        plain = not self.hidden.any() and (pads is None or not pads.any())
        if plain and (count == 1 or block == count):
            return None
        if plain and block <= 1:
            return "causal"
        rows = 1 if plain else len(self.positions)
        order = np.arange(count)
        chunk = order[None, :] <= order[:, None]
        chunk = chunk | (order >= count - block)[:, None] if block else chunk
        chunk = np.broadcast_to(chunk, (rows, count, count))
        if not plain and pads is not None:
            padding = order[None, :] < pads[:, None]  # (B, count)
            # Padding sees itself: a softmax needs one key at least.
            chunk = chunk & ~padding[:, None, :] | np.eye(count, dtype=bool)
        before = np.ones((1, self.length), bool) if plain else ~self.hidden
        before = np.broadcast_to(before[:, None, :], (rows, count, self.length))
        return mx.array(np.concatenate([before, chunk], axis=2)[:, None])

    def advance(self, count: int, pads: np.ndarray | None = None) -> None:
        """The `count` tokens written last now count; the first `pads` (B,) of a row's are padding."""
        pads = np.zeros(len(self.positions), np.int32) if pads is None else np.minimum(pads, count)
        self.hidden = np.concatenate([self.hidden, np.arange(count)[None, :] < pads[:, None]], axis=1)
        self.positions = (self.positions + count - pads).astype(np.int32)
        self.length += count

    def cut(self, length: int) -> None:
        """Keep the first `length` tokens only. For a cache of one row without padding."""
        self.hidden, self.length = self.hidden[:, :length], length
        self.positions = np.array([length], np.int32)

    def row(self, at: int, length: int) -> "KVCache":
        """The first `length` tokens of one row as a cache of its own. For a cache without padding before them."""
        own = KVCache(len(self.keys))
        own.keys, own.values = (
            [None if a is None else mx.contiguous(a[at : at + 1, :, :length]) for a in arrays]
            for arrays in (self.keys, self.values)
        )
        own.length, own.hidden = length, self.hidden[at : at + 1, :length]
        own.positions = np.array([length], np.int32)
        return own

    def keep(self, rows: list[int]) -> None:
        """Keep these rows only, and drop leading tokens that are padding in all of them."""
        index = mx.array(rows)
        self.hidden, self.positions = self.hidden[rows], self.positions[rows]
        seen = ~self.hidden.all(axis=0)
        first = int(seen.argmax()) if seen.any() else 0
        self.hidden, self.length = self.hidden[:, first:], self.length - first
        for arrays in (self.keys, self.values):
            arrays[:] = [
                None if a is None else mx.take(a[:, :, first:] if first else a, index, axis=0) for a in arrays
            ]

    def arrays(self) -> list[mx.array]:
        return [a for a in (*self.keys, *self.values) if a is not None]


def join(caches: list[KVCache]) -> KVCache:
    """One cache with the rows of several, padded on the left to the longest."""
    if len(caches) == 1:
        return caches[0].copy()
    longest = max(c.length for c in caches)
    whole = KVCache(len(caches[0].keys), 0)
    whole.length = longest
    whole.positions = np.concatenate([c.positions for c in caches])
    whole.hidden = np.concatenate(
        [np.pad(c.hidden, ((0, 0), (longest - c.length, 0)), constant_values=True) for c in caches]
    )
    if longest:
        for layer in range(len(whole.keys)):
            whole.keys[layer] = _stack([(c.keys[layer], c.length, len(c.positions)) for c in caches], longest)
            whole.values[layer] = _stack(
                [(c.values[layer], c.length, len(c.positions)) for c in caches], longest
            )
    return whole


def _stack(parts: list[tuple[mx.array | None, int, int]], longest: int) -> mx.array:
    """One layer's (array, length, rows) of each cache in one array; an empty cache has no array."""
    like = next(array for array, _, _ in parts if array is not None)
    padded = []
    for array, length, rows in parts:
        blank = mx.zeros((rows, like.shape[1], longest - length, like.shape[3]), like.dtype)
        padded.append(blank if array is None else mx.concatenate([blank, array[:, :, :length]], axis=2))
    return mx.concatenate(padded, axis=0)
