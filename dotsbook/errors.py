"""Every error a user can meet, and the exit code it ends with.

    DotsbookError            1   the user can fix it
    ├── ManifestError            book.yaml or lexicon.yaml says something wrong
    ├── SourceError              a manuscript can't be read
    ├── VoiceError               a voice, its reference or its engine
    ├── ModelError               weights, config, tokenizer, or what they were asked for
    ├── LedgerError              .dotsbook/ is damaged, locked or from another version
    ├── RenderError              takes could not be made
    │   ├── Hung                 an engine neither answers nor can be stopped: end the process
    │   └── Unfinished       3   some chunks failed or are missing; they are named
    ├── EncodeError          3   a finished file could not be written or did not prove right
    └── OutputError              a folder or file can't be written

A message says what is wrong, where, and what to do next; it is one sentence or two, for a person.
Usage errors end with 2 (typer's own) and an interrupt with 130.
"""


class DotsbookError(Exception):
    """Something the user should be told in a sentence. `exit_code` is a contract."""

    exit_code = 1


class ManifestError(DotsbookError):
    """The manifest or the lexicon is wrong; the message names file and line."""


class SourceError(DotsbookError):
    """A manuscript is missing, damaged, protected, or has no text."""


class VoiceError(DotsbookError):
    """A voice isn't enrolled, its reference is unfit, or its engine lacks something."""


class ModelError(DotsbookError):
    """Model files are missing, wrong or refused, or the model was asked for what it can't do."""


class LedgerError(DotsbookError):
    """The project's state can't be used: locked by another run, damaged, or newer than this program."""


class RenderError(DotsbookError):
    """Rendering can't go on."""


class Hung(RenderError):
    """An engine neither answers nor can be stopped. Its thread is a daemon's, but a library below it may hold the
    process up when it ends: whoever has the process prints the sentence, flushes, and leaves with os._exit.
    """


class Unfinished(RenderError):
    """Finished in part: some chunks failed or are missing, and are named."""

    exit_code = 3


class EncodeError(DotsbookError):
    """A finished file could not be written, or its proof failed; nothing stands under its final name."""

    exit_code = 3


class OutputError(DotsbookError):
    """A file or folder can't be written: no room, no permission, or not ours to replace."""
