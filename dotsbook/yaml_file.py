"""A YAML file of the user's, as plain data with the line of every value. It knows YAML and no manifest.

Aliases, tags, doubled keys and files over 1 MB are refused.
"""

import re
from pathlib import Path

import yaml

from dotsbook.errors import ManifestError

LARGEST = 1_000_000  # bytes of a manifest or lexicon
DEEPEST = 20  # levels of nesting


class Plain(yaml.SafeLoader):
    """YAML as people mean it: `no` is a word, `0140` keeps its nought, `1:30` is no number; duplicates are mistakes."""


Plain.yaml_implicit_resolvers = {}
for tag, pattern, first in (
    ("tag:yaml.org,2002:bool", r"^(true|false|True|False)$", "tTfF"),
    ("tag:yaml.org,2002:int", r"^[-+]?(0|[1-9][0-9]*)$", "-+0123456789"),
    ("tag:yaml.org,2002:float", r"^[-+]?[0-9]+\.[0-9]*([eE][-+]?[0-9]+)?$", "-+0123456789"),
    ("tag:yaml.org,2002:null", r"^(~|null|)$", ["~", "n", ""]),
):
    Plain.add_implicit_resolver(tag, re.compile(pattern), list(first))


def load_yaml(path: Path) -> tuple[object, dict[tuple, int]]:
    """(data, {path of keys and indices: line}) of a YAML file, or a ManifestError that names the line."""
    text = read_text(path)
    try:
        refuse_tricks(text, path)
        node = yaml.compose(text, Loader=Plain)
    except yaml.YAMLError as error:
        raise ManifestError(f"{path}{where(error)}: this isn't valid YAML: {reason(error)}.") from error
    if node is None:
        return None, {}
    lines: dict[tuple, int] = {}
    return plain(node, (), lines, path), lines


def load_list(path: Path, form: str) -> tuple[list, dict[tuple, int]]:
    """`load_yaml` of a file that is a list, empty where there is none; `form`: what it must be, for the error."""
    data, lines = load_yaml(path) if path.is_file() else (None, {})
    if data is None:
        return [], {}
    if not isinstance(data, list):
        raise ManifestError(f"{path} must be {form}")
    return data, lines


def refuse_tricks(text: str, path: Path) -> None:
    """Aliases can grow without end and nesting can exhaust the stack: neither is needed here, both are refused."""
    depth = 0
    for event in yaml.parse(text, Loader=Plain):
        line = f"{path} line {event.start_mark.line + 1 if event.start_mark else 1}"
        if isinstance(event, yaml.AliasEvent):
            raise ManifestError(f"{line}: aliases (*{event.anchor}) aren't allowed; write the value out.")
        depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
        if depth > DEEPEST:
            raise ManifestError(f"{line}: nested more than {DEEPEST} levels deep.")


def read_text(path: Path) -> str:
    try:
        if path.exists() and not path.is_file():
            raise ManifestError(f"{path} is a folder, a pipe or a device; it must be a file of text.")
        if path.stat().st_size > LARGEST:
            raise ManifestError(
                f"{path} is over {LARGEST // 1_000_000} MB, which no manifest is; is it the right file?"
            )
        return path.read_bytes().decode("utf-8-sig")
    except FileNotFoundError as error:
        raise ManifestError(
            f"There is no {path}. `dotsbook init` makes a project; or name the folder that holds book.yaml."
        ) from error
    except UnicodeDecodeError as error:
        raise ManifestError(f"{path} isn't UTF-8 text (byte {error.start}); save it as UTF-8.") from error
    except OSError as error:
        raise ManifestError(f"{path} can't be read: {error.strerror}.") from error


def where(error: Exception) -> str:
    mark = getattr(error, "problem_mark", None)
    return f" line {mark.line + 1}" if mark else ""


def reason(error: Exception) -> str:
    return getattr(error, "problem", None) or str(error).split("\n")[0] or "it is nested too deeply"


def plain(node: yaml.Node, at: tuple, lines: dict[tuple, int], path: Path) -> object:
    """A node as plain data, its lines noted by the way."""
    line = lines[at] = node.start_mark.line + 1
    if isinstance(node, yaml.ScalarNode):
        return scalar(node, path)
    if isinstance(node, yaml.SequenceNode):
        return [plain(child, (*at, index), lines, path) for index, child in enumerate(node.value)]
    if isinstance(node, yaml.MappingNode):
        data = {}
        for key_node, child in node.value:
            if not isinstance(key_node, yaml.ScalarNode):
                raise ManifestError(f"{path} line {line}: a key must be a plain word.")
            key = key_node.value
            if key in data:
                raise ManifestError(
                    f"{path} line {key_node.start_mark.line + 1}: `{key}` stands here a second time; keep one."
                )
            data[key] = plain(child, (*at, key), lines, path)
            lines[(*at, key)] = key_node.start_mark.line + 1
        return data
    raise ManifestError(f"{path} line {line}: only values, lists and `key: value` lines can stand here.")


def value_of(text: str) -> object:
    """A word as a manifest's value: true, 3, 0.5, or what it is."""
    tag = Plain("").resolve(yaml.ScalarNode, text, (True, False))
    return scalar(yaml.ScalarNode(tag, text, yaml.Mark("", 0, 0, 0, "", 0)), Path(text[:40]))


def scalar(node: yaml.ScalarNode, path: Path) -> object:
    kind = node.tag.rpartition(":")[2]
    try:
        match kind:
            case "str":
                return node.value
            case "null":
                return None
            case "bool":
                return node.value.lower() == "true"
            case "int":
                return int(node.value)
            case "float":
                return float(node.value)
    except ValueError as error:
        raise ManifestError(
            f"{path} line {node.start_mark.line + 1}: {node.value[:40]!r} isn't a number that can be used."
        ) from error
    raise ManifestError(
        f"{path} line {node.start_mark.line + 1}: the tag {node.tag} isn't allowed; write plain text or numbers."
    )
