"""dotsbook: a build system for narration. A manuscript in, a finished audiobook out."""

__version__ = "0.1.0"
