"""What a book is pinned to against what is installed here: drift, pinning before the first take, pinning anew, `--locked`."""

from dataclasses import replace

from dotsbook.errors import DotsbookError, ManifestError
from dotsbook.production.pins import Drift, Pin, PinnedVoice, Pins, differences, write_pins
from dotsbook.production.session import Session


def drift_of(session: Session) -> list[Drift]:
    """Engines here that aren't those the book is pinned to."""
    found = []
    for key in dict.fromkeys(session.engine_keys.values()):
        pin = session.pins.engines.get(key)
        here = session.identity_here(key) if pin else None
        if pin and here and here != pin.identity and pin.identity not in session.identities_before(key, here):
            found.append(Drift(pin.engine, pin.identity, here))
    return found


def pin(session: Session, anew: bool = False) -> None:
    """Write down what the book is rendered with, before its first take. anew: as the engines are here."""
    pins = []
    for key, name in {key: name for name, key in session.engine_keys.items()}.items():
        if anew or key not in session.pins.engines:
            pins.append(pin_here(session, key, None if anew else session.identities[name]))
    session.pins = replace(
        session.pins.with_engines(pins), voices={**session.pins.voices, **pinned_voices(session)}
    )
    write_pins(session.project.lock_file, session.pins)


def pin_here(session: Session, key: str, identity: str | None = None) -> Pin:
    """A pin to an engine as it is here, or to an identity found in the ledger. Raises VoiceError, ModelError."""
    from dotsbook.voices.weights import licence_of_weights, weights_of

    choice, engine = session.choices[key], session.single(key)
    identity = identity or session.identity_here(key) or engine.identity
    files = weights_of(choice, session.project.cache)
    licence = licence_of_weights(choice, session.project.cache)
    return Pin(key, choice.name, choice.model, identity, engine.rate, files, licence)


def pinned_voices(session: Session) -> dict[str, PinnedVoice]:
    return {
        name: PinnedVoice(voice.engine, session.entry(name), voice.fingerprint)
        for name, voice in session.voices.items()
    }


def pin_anew(session: Session) -> list[str]:
    """Pin the book to the engines that are here; a sentence for each that changes."""
    changed = [
        f"{drift.pinned} gives way to {drift.here}; its takes stay until `dotsbook sweep --other-engines`"
        for drift in drift_of(session)
    ]
    pin(session, anew=True)
    for made in ("identities", "all_jobs"):
        session.__dict__.pop(made, None)
    return changed or ["the engines here are those this book is rendered with: nothing is made anew"]


def require_locked(session: Session) -> None:
    """ManifestError, with every drift, unless engines, models and voices are what book.lock.yaml says."""
    path = session.project.lock_file
    if not path.is_file():
        raise ManifestError(f"There is no {path}; render once without --locked to write it.")
    try:
        pins = {key: pin_here(session, key) for key in dict.fromkeys(session.engine_keys.values())}
        voices = pinned_voices(session)
    except DotsbookError as error:
        raise ManifestError(f"The lock can't be kept: {error}") from error
    if found := differences(session.pins, Pins(pins, voices)):
        raise ManifestError(
            f"{path} says otherwise: {'; '.join(found)}. Undo that, or render without --locked to accept it."
        )
