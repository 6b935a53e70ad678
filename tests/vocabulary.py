"""The words that made-up books are drawn from."""

WORDS = [
    "salt",
    "road",
    "mill",
    "bridge",
    "winter",
    "harbour",
    "lamp",
    "letter",
    "ferry",
    "rain",
    "they",
    "went",
    "over",
]
