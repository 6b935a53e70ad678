"""The AudioVAE: waveform to latents and back. It knows signals and latents, no patches and no text.

The encoder runs over a whole reference. The decoder runs over pieces, with a `DecoderState` between them: it is causal but
for a few latent frames of lookahead, so the sound comes that many frames late, and the last piece gives the rest.
"""

import mlx.core as mx
import mlx.nn as nn

from dotsbook.model.checkpoint.config import VocoderConfig
from dotsbook.model.network.alias_free import AliasFree, widened
from dotsbook.model.network.causal_state import CausalState
from dotsbook.model.network.convolution import (
    CausalConv,
    CausalUpsample,
    CentredConv,
    convolve,
    fold_weight_norm,
)
from dotsbook.model.network.elementary import on_cpu
from dotsbook.model.network.lstm import LSTMState, SkippedLSTM

GPU_CHANNELS = 16  # MLX's quick convolution on a GPU wants a multiple of them
STACK = (3, 2, 6)  # a residual stack's kernel, dilation base and layers: not in the config


class LeakyReLU(nn.Module):
    """A leaky ReLU. It has no weights, but a place in the checkpoint's numbering of layers."""

    def __init__(self, slope: float):
        super().__init__()
        self._slope = slope

    def __call__(self, x: mx.array, past: CausalState | None = None) -> mx.array:
        return mx.maximum(x, x * self._slope)


class NamedLayer(nn.Module):
    """A convolution under the name `layer`."""

    def __init__(self, convolution: nn.Module):
        super().__init__()
        self.layer = convolution

    def __call__(self, x: mx.array, past: CausalState) -> mx.array:
        return self.layer(x, past) if isinstance(self.layer, CausalConv) else self.layer(x)


class ResidualStack(nn.Module):
    """Pairs of convolutions, the first dilated; each pair is added to its input."""

    def __init__(self, channels: int):
        super().__init__()
        kernel, base, layers = STACK
        self.layers = [
            [
                LeakyReLU(0.01),
                nn.Identity(),
                CausalConv(channels, channels, kernel, base**i),
                LeakyReLU(0.01),
                nn.Identity(),
                CausalConv(channels, channels, kernel),
            ]
            for i in range(layers)
        ]

    def __call__(self, x: mx.array, past: CausalState) -> mx.array:
        for act1, _, conv1, act2, _, conv2 in self.layers:
            x = x + conv2(act2(conv1(act1(x), past)), past)
        return x


class AudioEncoder(nn.Module):
    def __init__(self, config: VocoderConfig):
        super().__init__()
        channels = config.downsample_channels
        layers = [NamedLayer(CausalConv(1, channels[0], 3)), LeakyReLU(0.2)]
        for inputs, outputs, rate in zip(channels, channels[1:], config.downsample_rates, strict=False):
            down = CausalConv(inputs, outputs, 2 * rate, stride=rate)
            layers += [NamedLayer(down), ResidualStack(outputs), LeakyReLU(0.2)]
        ahead = config.num_encoder_lookahead
        last = (
            CentredConv(channels[-1], config.latent_dim, 2 * ahead + 1)
            if ahead
            else CausalConv(channels[-1], config.latent_dim, 3)
        )
        self.generator = [*layers, NamedLayer(last)]

    def __call__(self, x: mx.array) -> mx.array:
        """x (B, samples, 1) → (B, frames, latent_dim)."""
        past = CausalState()
        for layer in self.generator:
            x = layer(x, past)
            mx.eval(x, past.unevaluated())  # minutes of audio: let each layer's buffers go
        return x


class ActivatedBlock(nn.Module):
    """Pairs of anti-aliased activation and convolution, three times; each pair is added to its input."""

    def __init__(self, channels: int, kernel: int, dilations: tuple[int, ...], logscale: bool):
        super().__init__()
        self.convs1 = [CausalConv(channels, channels, kernel, d) for d in dilations[:3]]
        self.convs2 = [CausalConv(channels, channels, kernel) for _ in dilations[:3]]
        self.activations = [AliasFree(channels, logscale) for _ in range(2 * len(self.convs1))]

    def __call__(self, x: mx.array, past: CausalState) -> mx.array:
        for i, (conv1, conv2) in enumerate(zip(self.convs1, self.convs2, strict=False)):
            y = conv1(self.activations[2 * i](x, past), past)
            x = x + conv2(self.activations[2 * i + 1](y, past), past)
        return x


class AudioDecoder(nn.Module):
    def __init__(self, config: VocoderConfig):
        super().__init__()
        first, ahead = config.upsample_initial_channel, config.num_decoder_lookahead
        stages = list(enumerate(config.upsample_rates))
        self.conv_pre = CentredConv(config.latent_dim, first, 2 * ahead + 1)
        self.ups = [[CausalUpsample(first >> i, first >> (i + 1), rate)] for i, rate in stages]
        shapes = list(zip(config.resblock_kernel_sizes, config.resblock_dilation_sizes, strict=False))
        self.resblocks = [
            ActivatedBlock(first >> (i + 1), k, d, config.snake_logscale)
            for i, _ in stages
            for k, d in shapes
        ]
        last = first >> len(stages)
        self.activation_post = AliasFree(last, config.snake_logscale, trained=True)
        self.conv_post = CausalConv(last, 1, 7, bias=config.use_bias_at_final)
        self._kernels, self._tanh = len(shapes), config.use_tanh_at_final

    def widen_for_gpu(self) -> None:
        """Give the last stage a number of channels that MLX's convolution on a GPU is quick with, by zeros.

        The released 24 are not; a zero channel stays zero through every layer.
        """
        [last] = self.ups[-1]
        narrow = last.bias.shape[0]
        wide = -(-narrow // GPU_CHANNELS) * GPU_CHANNELS
        if wide == narrow:
            return
        last.weight, last.bias = widened(last.weight, 1, wide), widened(last.bias, 0, wide)
        for block in self.resblocks[-self._kernels :]:
            for conv in (*block.convs1, *block.convs2):
                conv.weight = widened(widened(conv.weight, 0, wide), 2, wide)
                conv.bias = widened(conv.bias, 0, wide)
            for activation in block.activations:
                activation.widen(wide)
        self.activation_post.widen(wide)
        self.conv_post.weight = widened(self.conv_post.weight, 2, wide)
        mx.eval(self.parameters())

    def __call__(self, x: mx.array, past: CausalState) -> mx.array:
        """x (B, frames, initial channels), after `conv_pre` → (B, samples) in −1…1."""
        for i, (up,) in enumerate(self.ups):
            x, total = up(x, past), mx.array(0.0)
            for block in self.resblocks[i * self._kernels : (i + 1) * self._kernels]:
                total = total + block(x, past)
                # Free this block's buffers before the next takes its own. A GPU frees them as it goes.
                (mx.eval if on_cpu() else mx.async_eval)(total, past.unevaluated())
            x = total * (1.0 / self._kernels)
        x = self.conv_post(self.activation_post(x, past), past)
        return (mx.tanh(x) if self._tanh else mx.clip(x, -1.0, 1.0))[..., 0]


class DecoderState:
    """What the decoder keeps between two pieces, for B signals that began together."""

    def __init__(self):
        self.lstm: LSTMState | None = None
        self.front = CausalState()  # of `conv_pre`, which sees the lookahead
        self.back = CausalState()  # of all after it
        self.skipped = 0  # of `conv_pre`'s first outputs, which lie before the signal's start

    def take(self, rows: list[int]) -> "DecoderState":
        """The state of some of the signals. Only between pieces."""
        taken, index = DecoderState(), mx.array(rows)
        if self.lstm is not None:
            taken.lstm = [
                (mx.take(hidden, index, axis=0), mx.take(cell, index, axis=0)) for hidden, cell in self.lstm
            ]
        taken.front, taken.back, taken.skipped = self.front.take(rows), self.back.take(rows), self.skipped
        return taken


class AudioVAE(nn.Module):
    def __init__(self, config: VocoderConfig):
        super().__init__()
        latent, wide = config.latent_dim, 4 * config.latent_dim
        self.audio_encoder = AudioEncoder(config)
        self.enc_mi_layer = [
            nn.Linear(latent, wide),
            SkippedLSTM(wide, config.mi_num_layers),
            nn.Linear(wide, latent),
        ]
        self.dec_mi_layer = [
            nn.Linear(latent, wide),
            SkippedLSTM(wide, config.mi_num_layers),
            nn.Linear(wide, latent),
        ]
        self.pre_proj = CentredConv(latent, 2 * latent, 1)
        self.post_proj = CentredConv(latent, latent, 1)
        self.decoder = AudioDecoder(config)
        self._latent, self._ahead = latent, config.num_decoder_lookahead

    def encode(self, samples: mx.array) -> mx.array:
        """(B, samples), whole frames → (B, frames, 2 · latent_dim): mean, then log standard deviation."""
        x = self.audio_encoder(samples[..., None])
        into, lstm, out = self.enc_mi_layer
        return self.pre_proj(out(lstm(into(x))[0]))

    def decode(self, latents: mx.array, state: DecoderState, last: bool = False) -> mx.array:
        """The next latents (B, frames, latent_dim), denormalised → the samples that they complete (B, samples).

        `last`: no latents follow in any of the signals, so what was held back for the lookahead comes too.
        """
        into, lstm, out = self.dec_mi_layer
        x, state.lstm = lstm(into(self.post_proj(latents)), state.lstm)
        x = out(x)
        if last:
            x = mx.pad(x, [(0, 0), (0, self._ahead), (0, 0)])
        x = self._first_convolution(x, state)
        y = self.decoder(x, state.back) if x.shape[1] else mx.zeros((latents.shape[0], 0))
        evaluated = y, state.lstm, state.front.end_piece(), state.back.end_piece() if x.shape[1] else []
        (mx.eval if on_cpu() else mx.async_eval)(evaluated)
        return y

    def _first_convolution(self, x: mx.array, state: DecoderState) -> mx.array:
        """`conv_pre`, run causally `ahead` frames late: its first `ahead` outputs lie before the start and are skipped."""
        pre, ahead = self.decoder.conv_pre, self._ahead
        y = convolve(state.front.prepend(x, 2 * ahead), pre.weight, pre.bias)
        skip = min(ahead - state.skipped, y.shape[1])
        state.skipped += skip
        return y[:, skip:]


def sanitize(weights: dict) -> dict:
    """Fold weight norm, and take torch's (out, in, k) to (out, k, in), transposed convolutions' (in, out, k) to (k, out, in)."""
    found = {}
    for name, array in fold_weight_norm(weights).items():
        if name.startswith("decoder.ups.") and name.endswith(".weight"):
            array = array.transpose(2, 1, 0)
        elif name.endswith(".weight") and _is_convolution(name):
            array = array.transpose(0, 2, 1)
        found[name] = array
    return found


def _is_convolution(name: str) -> bool:
    starts = ("audio_encoder.", "decoder.conv_p", "decoder.resblocks.", "pre_proj.", "post_proj.")
    return name.startswith(starts)
