"""Feeds bytes to config.json's and llm_config.json's readers. A config that passes has sizes that fit together.

python tests/fuzz/fuzz_config.py CORPUS        with atheris, for as long as it is left to run
"""

import json
import sys
from pathlib import Path

from dotsbook.errors import DotsbookError
from dotsbook.model.checkpoint.config import llm_config, model_config
from dotsbook.model.checkpoint.jsonfile import parse_object
from dotsbook.model.checkpoint.opening import quantization

sys.path.insert(0, str(Path(__file__).parents[2]))

from tests.model.tiny import Sizes, configs  # noqa: E402


def seeds() -> list[bytes]:
    packing = {"quantization": {"bits": 8, "group_size": 64, "components": ["llm"]}}
    return [
        json.dumps(part | packing).encode() for kind in ("fm", "mf", "scm") for part in configs(kind, Sizes())
    ]


def one_input(data: bytes) -> None:
    try:
        raw = parse_object(data, "fuzzed")
    except DotsbookError:
        return
    for read in (model_config, lambda r: llm_config(r, 264), quantization):
        try:
            found = read(raw)
        except DotsbookError:
            continue
        if read is model_config:
            assert 1 <= found.patch_samples <= 1 << 26 and found.solver in (
                "flow_matching",
                "meanflow",
                "scm",
            )
            for stack in (found.dit, found.patch_encoder):
                assert stack.head_dim * stack.num_heads == stack.hidden_size and stack.head_dim % 2 == 0


if __name__ == "__main__":
    from harness import run

    run(one_input, seeds())
