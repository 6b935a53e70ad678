"""CAM++, the speaker encoder: filterbank features to an x-vector. It knows no waveforms and no model around it.

From 3D-Speaker: a small 2-D front end, densely connected TDNN layers gated by their context, statistics pooling.
"""

import mlx.core as mx
import mlx.nn as nn

from dotsbook.model.network.convolution import convolve

FRONT = 32  # channels of the 2-D front end
GROWTH = 32  # channels a dense layer adds
NARROW = 128  # channels of its bottleneck
START = 128  # channels of the first layer
BLOCKS = ((12, 1), (24, 2), (16, 2))  # dense layers and their dilation
SEGMENT = 100  # frames pooled together
EPSILON = 1e-5  # of batch norm
FLOOR = 1e-2  # least variance, when pooling is masked
BINS = 80


class BatchNorm(nn.Module):
    """Batch norm with its trained statistics; x (…, C)."""

    def __init__(self, channels: int, affine: bool = True):
        super().__init__()
        self.running_mean, self.running_var = mx.zeros((channels,)), mx.ones((channels,))
        if affine:
            self.weight, self.bias = mx.ones((channels,)), mx.zeros((channels,))

    def __call__(self, x: mx.array) -> mx.array:
        x = (x - self.running_mean) * mx.rsqrt(self.running_var + EPSILON)
        return x * self.weight + self.bias if "weight" in self else x


class NormReLU(nn.Module):
    """A batch norm under the name `batchnorm`, then ReLU; without `affine`, the norm only."""

    def __init__(self, channels: int, affine: bool = True):
        super().__init__()
        self.batchnorm = BatchNorm(channels, affine)
        self._relu = affine

    def __call__(self, x: mx.array) -> mx.array:
        x = self.batchnorm(x)
        return nn.relu(x) if self._relu else x


class CentredConv1d(nn.Module):
    """A centred 1-D convolution; x (B, T, C)."""

    def __init__(
        self,
        inputs: int,
        outputs: int,
        kernel: int = 1,
        stride: int = 1,
        dilation: int = 1,
        bias: bool = False,
    ):
        super().__init__()
        self.weight = mx.zeros((outputs, kernel, inputs))
        if bias:
            self.bias = mx.zeros((outputs,))
        self._stride, self._dilation = stride, dilation

    def __call__(self, x: mx.array) -> mx.array:
        side = (self.weight.shape[1] - 1) // 2 * self._dilation
        x = mx.pad(x, [(0, 0), (side, side), (0, 0)])
        return convolve(x, self.weight, self.get("bias"), self._dilation, self._stride)


class CentredConv2d(nn.Module):
    """A centred 2-D convolution without bias; x (B, F, T, C), stride over F only."""

    def __init__(self, inputs: int, outputs: int, kernel: int, stride: int = 1):
        super().__init__()
        self.weight = mx.zeros((outputs, kernel, kernel, inputs))
        self._stride = stride

    def __call__(self, x: mx.array) -> mx.array:
        side = (self.weight.shape[1] - 1) // 2
        return mx.conv2d(x, self.weight, stride=(self._stride, 1), padding=side)


class ResidualBlock(nn.Module):
    def __init__(self, channels: int, stride: int):
        super().__init__()
        self.conv1, self.bn1 = CentredConv2d(channels, channels, 3, stride), BatchNorm(channels)
        self.conv2, self.bn2 = CentredConv2d(channels, channels, 3), BatchNorm(channels)
        if stride != 1:
            self.shortcut = [CentredConv2d(channels, channels, 1, stride), BatchNorm(channels)]

    def __call__(self, x: mx.array) -> mx.array:
        y = self.bn2(self.conv2(nn.relu(self.bn1(self.conv1(x)))))
        if "shortcut" in self:
            convolution, norm = self.shortcut
            x = norm(convolution(x))
        return nn.relu(y + x)


class FrontEnd(nn.Module):
    """2-D convolutions over the features as a picture: (B, T, bins) → (B, T, channels · bins / 8)."""

    def __init__(self):
        super().__init__()
        self.conv1, self.bn1 = CentredConv2d(1, FRONT, 3), BatchNorm(FRONT)
        self.layer1 = [ResidualBlock(FRONT, 2), ResidualBlock(FRONT, 1)]
        self.layer2 = [ResidualBlock(FRONT, 2), ResidualBlock(FRONT, 1)]
        self.conv2, self.bn2 = CentredConv2d(FRONT, FRONT, 3, 2), BatchNorm(FRONT)

    def __call__(self, x: mx.array) -> mx.array:
        x = x.transpose(0, 2, 1)[..., None]  # (B, F, T, 1)
        x = nn.relu(self.bn1(self.conv1(x)))
        for block in (*self.layer1, *self.layer2):
            x = block(x)
        x = nn.relu(self.bn2(self.conv2(x)))
        return x.transpose(0, 2, 3, 1).reshape(x.shape[0], x.shape[2], -1)  # (B, T, C · F), channels slowest


class CAMLayer(nn.Module):
    """A convolution gated by its context: the mean over all frames plus that over the frame's segment."""

    def __init__(self, dilation: int):
        super().__init__()
        self.linear_local = CentredConv1d(NARROW, GROWTH, 3, dilation=dilation)
        self.linear1 = CentredConv1d(NARROW, NARROW // 2, bias=True)
        self.linear2 = CentredConv1d(NARROW // 2, GROWTH, bias=True)

    def __call__(self, x: mx.array) -> mx.array:
        context = mx.mean(x, axis=1, keepdims=True) + _segment_means(x)
        return self.linear_local(x) * mx.sigmoid(self.linear2(nn.relu(self.linear1(context))))


def _segment_means(x: mx.array) -> mx.array:
    """(B, T, C) → (B, T, C): the mean over each frame's segment of SEGMENT frames; the last may be shorter."""
    parts = [x[:, at : at + SEGMENT] for at in range(0, x.shape[1], SEGMENT)]
    return mx.concatenate(
        [mx.broadcast_to(mx.mean(p, axis=1, keepdims=True), p.shape) for p in parts], axis=1
    )


class DenseTDNNLayer(nn.Module):
    def __init__(self, inputs: int, dilation: int):
        super().__init__()
        self.nonlinear1, self.linear1 = NormReLU(inputs), CentredConv1d(inputs, NARROW)
        self.nonlinear2, self.cam_layer = NormReLU(NARROW), CAMLayer(dilation)

    def __call__(self, x: mx.array) -> mx.array:
        return self.cam_layer(self.nonlinear2(self.linear1(self.nonlinear1(x))))


class DenseTDNNBlock(nn.Module):
    def __init__(self, inputs: int, layers: int, dilation: int):
        super().__init__()
        for i in range(layers):
            setattr(self, f"tdnnd{i + 1}", DenseTDNNLayer(inputs + i * GROWTH, dilation))
        self._count = layers

    def __call__(self, x: mx.array) -> mx.array:
        for i in range(self._count):
            x = mx.concatenate([x, self[f"tdnnd{i + 1}"](x)], axis=-1)
        return x


class TransitLayer(nn.Module):
    def __init__(self, inputs: int):
        super().__init__()
        self.nonlinear, self.linear = NormReLU(inputs), CentredConv1d(inputs, inputs // 2)

    def __call__(self, x: mx.array) -> mx.array:
        return self.linear(self.nonlinear(x))


class InputTDNN(nn.Module):
    def __init__(self):
        super().__init__()
        self.linear, self.nonlinear = CentredConv1d(FRONT * (BINS // 8), START, 5, stride=2), NormReLU(START)

    def __call__(self, x: mx.array) -> mx.array:
        return self.nonlinear(self.linear(x))


class OutputDense(nn.Module):
    def __init__(self, inputs: int, outputs: int):
        super().__init__()
        self.linear, self.nonlinear = CentredConv1d(inputs, outputs), NormReLU(outputs, affine=False)

    def __call__(self, x: mx.array) -> mx.array:
        return self.nonlinear(self.linear(x[:, None])[:, 0])


class XVectorNetwork(nn.Module):
    def __init__(self, outputs: int):
        super().__init__()
        self.tdnn = InputTDNN()
        channels = START
        for i, (layers, dilation) in enumerate(BLOCKS, 1):
            setattr(self, f"block{i}", DenseTDNNBlock(channels, layers, dilation))
            channels += layers * GROWTH
            setattr(self, f"transit{i}", TransitLayer(channels))
            channels //= 2
        self.out_nonlinear = NormReLU(channels)
        self.dense = OutputDense(2 * channels, outputs)

    def __call__(self, x: mx.array, masked: bool) -> mx.array:
        x = self.tdnn(x)
        for i in range(1, len(BLOCKS) + 1):
            x = self[f"transit{i}"](self[f"block{i}"](x))
        x = self.out_nonlinear(x)
        mean = mx.mean(x, axis=1)
        variance = mx.sum(mx.square(x - mean[:, None]), axis=1) / max(x.shape[1] - 1, 1)
        spread = mx.sqrt(mx.maximum(variance, FLOOR) if masked else variance)
        return self.dense(mx.concatenate([mean, spread], axis=-1))


class SpeakerEncoder(nn.Module):
    def __init__(self, outputs: int):
        super().__init__()
        self.head = FrontEnd()
        self.xvector = XVectorNetwork(outputs)

    def __call__(self, features: mx.array, masked: bool = True) -> mx.array:
        """Mean-normalised filterbanks (B, T, 80), all of one length → (B, outputs).

        `masked`: pool as the reference does when it is given lengths, which is how it conditions on a voice.
        """
        return self.xvector(self.head(features), masked)


def sanitize(weights: dict) -> dict:
    """Names without `model.`, convolutions channels last; counters and the resampler's computed kernel left out."""
    found = {}
    for name, array in weights.items():
        if name.startswith("resample.") or name.endswith("num_batches_tracked"):
            continue
        name = name.removeprefix("model.")
        if array.ndim == 4:
            array = array.transpose(0, 2, 3, 1)
        elif array.ndim == 3:
            array = array.transpose(0, 2, 1)
        found[name] = array
    return found
