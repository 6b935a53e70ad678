"""A mutator that moves whole tokens about: tags and words of markup, lines and words of prose. It knows where a token
ends, not what it means."""

import random
import re

MARKUP = (rb"<[^<>]*>|[^<>]+|[<>]", rb"\"[^\"<>]*\"|[\w:.-]+|\s+|[^\w\s]")
LINES = (rb"[^\n]*\n|[^\n]+", rb"[ \t]+|\w+|[^\w \t]")
REPEATS = (2, 8, 60)


class Shuffle:
    """Mutates by the grammars given: (a token of this, a token of that), each covering every byte."""

    def __init__(self, grammar: tuple[bytes, ...], seeds: list[bytes], words: tuple[bytes, ...] = ()):
        self.patterns = [re.compile(tokens, re.S) for tokens in grammar]
        self.seeds = seeds
        self.pools = [
            sorted({token for seed in seeds for token in pattern.findall(seed)} | set(words))
            for pattern in self.patterns
        ]

    def __call__(self, data: bytes, chance: random.Random) -> bytes:
        which = chance.randrange(len(self.patterns))
        tokens = self.patterns[which].findall(data)
        for _ in range(chance.choice((1, 1, 2, 3, 6))):
            tokens = self.changed(tokens, self.pools[which], self.patterns[which], chance)
        return b"".join(tokens)

    def changed(
        self, tokens: list[bytes], pool: list[bytes], pattern: re.Pattern, chance: random.Random
    ) -> list[bytes]:
        """The tokens after one change."""
        at = chance.randrange(len(tokens) + 1)
        to = min(len(tokens), at + chance.choice((1, 1, 2, 5, 20)))
        other = chance.randrange(len(tokens) + 1)
        match chance.randrange(8):
            case 0:
                return tokens[:at] + tokens[to:]
            case 1:
                return [*tokens[:at], chance.choice(pool), *tokens[at:]]
            case 2:
                return tokens[:other] + tokens[at:to] + tokens[other:]
            case 3:
                rest = tokens[:at] + tokens[to:]
                return rest[:other] + tokens[at:to] + rest[other:]
            case 4:
                return [*tokens[:at], chance.choice(pool), *tokens[to:]]
            case 5:
                return tokens[:at] + tokens[at:to] * chance.choice(REPEATS) + tokens[to:]
            case 6:
                return [*tokens[:at], chance.choice(pool), *tokens[at:to], chance.choice(pool), *tokens[to:]]
            case _:
                found = pattern.findall(chance.choice(self.seeds))
                start = chance.randrange(len(found) + 1)
                return tokens[:at] + found[start : start + chance.choice((1, 5, 30))] + tokens[to:]
