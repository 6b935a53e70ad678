"""A network again, its layers new and its arrays shared: what is changed in one stays as it was in the other."""

from copy import copy
from typing import TypeVar

import mlx.nn as nn

Tree = TypeVar("Tree", bound=nn.Module)


def twin(network: Tree) -> Tree:
    """Another network of the same arrays."""
    found = copy(network)
    for name, value in network.items():
        found[name] = _again(value)
    found._no_grad = set(network._no_grad)
    return found


def _again(value):
    if isinstance(value, nn.Module):
        return twin(value)
    if isinstance(value, list | tuple):
        return type(value)(_again(one) for one in value)
    if isinstance(value, dict):
        return {key: _again(one) for key, one in value.items()}
    return value
