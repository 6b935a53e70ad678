"""What is thought of an edited take: the checks of health, and the book's own judges against the words that were asked for."""

from typing import TYPE_CHECKING

from dotsbook.audio import Samples
from dotsbook.production.book_judges import judges_of, learner_of
from dotsbook.production.session import Session

if TYPE_CHECKING:
    from dotsbook.render.health import Verdict
    from dotsbook.render.jobs import Job
    from dotsbook.render.ledger import Ledger


class FixJudges:
    """The judges of one line's takes. What a judge has said of a take is kept, and not asked again."""

    def __init__(self, session: Session, ledger: "Ledger", job: "Job", text: str):
        """text: what is to be heard in them."""
        from dotsbook.render.judgement import norms_for

        self.ledger, self.job, self.text = ledger, job, text
        self.judges, self.told = judges_of(session)
        place = job.voice.name, job.chunk.language
        self.norm = norms_for(ledger, [job]).get(place)
        self.learner = learner_of(session, ledger, session.jobs(ledger), self.judges) if self.judges else None

    def examine(self, samples: Samples, rate: int) -> "Verdict":
        """By the checks of health alone."""
        from dotsbook.render.health import examine

        return examine(samples, rate, self.text, self.job.chunk.language, self.norm)

    def verdict(self, key: str, samples: Samples, rate: int) -> "Verdict":
        """By all judges. New opinions are kept."""
        from dotsbook.render import opinions
        from dotsbook.render.judgement import weighed
        from dotsbook.render.judges import HeardTake

        verdict = self.examine(samples, rate)
        known = {(one.judge, one.version): one for one in opinions.kept(self.ledger, [key])}
        said, new = [], []
        for judge in self.judges:
            one = known.get((judge.name, judge.version_of(self.job.voice.name)))
            if one is None:
                about = (self.text, self.job.chunk.language, self.job.voice, key)
                one = judge.hear(HeardTake(samples.copy(), rate, *about))
                if one is not None:
                    new.append(one)
            if one is not None and one.opinion:
                said.append((judge, one.opinion))
        opinions.keep(self.ledger, new)
        return weighed(verdict, said)

    def complaints(self) -> list[str]:
        """What could not be loaded, and what went wrong in a judge."""
        return [*self.told, *(judge.complaint for judge in self.judges if judge.complaint)]
