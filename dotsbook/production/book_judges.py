"""The judges of a book: those that its manifest asks for, and those that are installed beside dotsbook."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from dotsbook.production.session import Session

if TYPE_CHECKING:
    from dotsbook.ears.timbre import Timbre
    from dotsbook.production.voice_learning import VoiceLearner
    from dotsbook.render.jobs import Job
    from dotsbook.render.judges import GuardedJudge, Judge
    from dotsbook.render.ledger import Ledger


def judges_of(session: Session) -> tuple[list["GuardedJudge"], list[str]]:
    """(the judges, a sentence for each that can't be loaded). Costs little: no model is loaded yet.

    Raises ModelError if the manifest's recogniser isn't on this machine.
    """
    from dotsbook.render.judges import GuardedJudge, find

    installed, broken = find()
    own = [GuardedJudge(judge) for judge in ears_of(session)]
    taken = {judge.name for judge in own}
    for judge in installed:
        if judge.name in taken:
            broken.append(f"A judge of `ears:` is called `{judge.name}`, so the installed one isn't asked.")
    return own + [judge for judge in installed if judge.name not in taken], broken


def ears_of(session: Session) -> "list[Judge]":
    """The judges that `ears:` in the manifest asks for."""
    from dotsbook.ears.ends_judge import EndsJudge
    from dotsbook.ears.likeness_judge import LikenessJudge
    from dotsbook.ears.recognisers import recogniser_of
    from dotsbook.ears.words_judge import WordsJudge

    ears = session.project.manifest.ears
    asked: list[Judge] = []
    if ears.words == "on":
        language, folder = session.project.manifest.language, session.project.folder
        recogniser = recogniser_of(ears.recogniser, folder, language, ears.allow_remote)
        asked.append(WordsJudge(recogniser, respellings(session)))
    if ears.likeness == "on":
        asked.append(LikenessJudge(timbre=timbre_of(session)))
    return [*asked, EndsJudge()] if ears.ends == "on" else asked


def timbre_of(session: Session) -> "Timbre":
    """What the book's voices are told by. Raises ModelError if the manifest's encoder isn't on this machine."""
    from dotsbook.ears.timbre import EncodedTimbre, SpectralTimbre
    from dotsbook.production.voice_encoders import encoder_of

    named = session.project.manifest.ears.encoder
    return EncodedTimbre(encoder_of(named, session.project.folder)) if named else SpectralTimbre()


def learner_of(
    session: Session, ledger: "Ledger", jobs: "Iterable[Job]", judges: "Iterable[GuardedJudge]"
) -> "VoiceLearner | None":
    """What teaches the judge of likeness the book's voices, if it is among these."""
    from dotsbook.ears.likeness_judge import LikenessJudge
    from dotsbook.production.voice_learning import VoiceLearner

    for guarded in judges:
        if isinstance(guarded.judge, LikenessJudge):
            return VoiceLearner(session, ledger, jobs, guarded.judge)
    return None


def respellings(session: Session) -> dict[str, str]:
    """{as the lexicon has it spoken: as it is written} of all its entries."""
    from dotsbook.text.lexicon.lexicon_file import load_lexicon

    path = session.project.lexicon
    return (
        {entry.say: entry.word for entry in load_lexicon(path).entries if not entry.pattern} if path else {}
    )


def unheard_languages(session: Session, judges: Iterable["GuardedJudge"]) -> list[str]:
    """A sentence for each language of the book that a recogniser lacks. Loads it; raises ModelError if it can't."""
    told = []
    for recogniser in filter(None, (getattr(guarded.judge, "recogniser", None) for guarded in judges)):
        spoken = {language for languages in session.narration.voices.values() for language in languages}
        lacking = [language for language in sorted(spoken) if not recogniser.hears(language)]
        if lacking:
            told.append(
                f"The recogniser of `ears:` doesn't know {', '.join(lacking)}: words in that language aren't judged; "
                "another model may, see docs/ears.md."
            )
    return told


def limits_of(session: Session) -> dict[str, float]:
    """{judge: the least score of a take that is to be kept}, as far as the judges are known without loading any model."""
    from dotsbook.ears.ends_judge import EndsJudge
    from dotsbook.ears.likeness_judge import LikenessJudge
    from dotsbook.ears.words_judge import WordsJudge
    from dotsbook.render.judges import find

    own = {judge.name: judge.threshold for judge in (WordsJudge, LikenessJudge, EndsJudge)}
    return own | {judge.name: judge.threshold for judge in find()[0]}
