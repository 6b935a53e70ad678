"""Times of day in figures. It knows no time zones but repeats their letters."""

import re

from dotsbook.text.normalise.language import Language
from dotsbook.text.normalise.rules.rule import Rule, number_patterns
from dotsbook.text.normalise.templates import fill

DOTTED = (
    r"{0}(?P<h>\d{{1,2}})\.(?P<m>[0-5]\d) ?[-–—] ?(?P<h2>\d{{1,2}})\.(?P<m2>[0-5]\d){1}"
    r"(?! ?(?:%|[kcm]?m\b|k?g\b|€|\$|euro|mil|met|мет|руб|млн|млрд))"
)
HALF = r"(?P<half>[ap]\.? ?m\b\.?|[AP]\.? ?M\b\.?)"


def in_words(
    language: Language, hour: int, minute: int | None, second: int | None, half: str = "", before: str = ""
) -> str:
    """The time by the language's templates: h, hm, hms, and hm0 for a minute below ten where it differs."""
    time = language.data["time"]
    special = {at: form for at, form in ((15, "quarter_past"), (30, "half_past")) if form in time}
    if second is not None:
        form = "hms"
    elif minute:
        form = "hm0" if minute < 10 and "hm0" in time else special.get(minute, "hm")
    else:
        form = "h"
    if half and f"{form}_half" in time:
        form += "_half"
    inside = time.get("inside_of")  # a preposition that asks for another case: o czternastej
    if inside and f"{form}_inside" in time and re.search(rf"\b(?:{inside})\s+$", before, re.IGNORECASE):
        form += "_inside"
    values = {"h": hour, "m": minute or 0, "s": second or 0}
    return fill(time[form], language, **values)


def time_of(match: re.Match, language: Language) -> tuple[int, int, str] | None:
    groups = match.groupdict()
    hour, minute = int(groups["h"]), groups.get("m")
    second = groups.get("s")
    if hour > 24 or int(minute or 0) > 59 or int(second or 0) > 59:
        return None
    half = (groups.get("half") or "").replace(".", "").replace(" ", "").upper()
    if half and int(second or 0) == 0:
        second = None  # 11:16:00 PM
    said = in_words(
        language,
        hour,
        int(minute) if minute else None,
        int(second) if second else None,
        half,
        match.string[: match.start("h")],
    )
    words = language.data["time"]
    if half:
        parts = words.get("halves", {"AM": "AM", "PM": "PM"})
        word = parts[half] if not isinstance(parts[half], dict) else parts[half].get(hour, parts[half][0])
        said = (
            f"{word}{said}"
            if words.get("half_first") == "glued"
            else (f"{word} {said}" if words.get("half_first") else f"{said} {word}")
        )
    zone = (groups.get("zone") or "").strip().replace(".", "").upper()
    if zone:
        said += f" {zone}"
    return match.start("h"), match.end(), said + kept_stop(match, groups)


def from_to(match: re.Match, language: Language) -> str | None:
    """14.00-19.00, 6.30–10.00: two times, in a language that has no dot in its decimals."""
    first, last = (int(match["h"]), int(match["m"])), (int(match["h2"]), int(match["m2"]))
    if first >= last or first[1] % 5 or last[1] % 5 or last[0] > 24:
        return None
    said = [in_words(language, hour, minute or None, None) for hour, minute in (first, last)]
    return f" {language.data['to']} ".join(said)


def kept_stop(match: re.Match, groups: dict) -> str:
    """The full stop of "p.m." ends the sentence too, where one ends there."""
    last = groups.get("zone") or groups.get("half") or ""
    if last.endswith("."):
        rest = match.string[match.end() :]
        if (
            not rest.strip()
            or "." not in last[:-1]
            or re.match(r"[\"'”’»)\]]*\s+[\"'“‘«(]*[^\W_a-zà-öø-ÿ]", rest)
        ):
            return "."
    return ""


def rules(language: Language) -> list[Rule]:
    time = language.data.get("time")
    if not time:
        return []
    left, right = number_patterns(language).left, r"(?![\d:]|[.,]\d)" + number_patterns(language).right
    hour, minute = r"(?P<h>\d{1,2})", r"(?P<m>\d\d)"
    second = r"(?::(?P<s>\d\d))?"
    zones = (
        r"(?P<zone> ?\b(?:[ecmp]\.?[sd]\.?t\b\.?|[ECMP]\.?[SD]\.?T\b\.?|"
        r"[Gg][Mm][Tt]|[Uu][Tt][Cc]|[Cc][Ee]?[Tt]|[Jj][Ss][Tt])\b)?"
    )
    made = []

    def rule(pattern: str) -> None:
        made.append(Rule("time", "digit", re.compile(pattern), time_of))

    rule(rf"{left}{hour}[:.]{minute}{second} ?{HALF}{zones}")
    rule(rf"{left}{hour} ?{HALF}{zones}(?![\w'’])")
    after = time.get("after")
    if after:  # a word that makes a time of what stands before it: Uhr, h, горячих часов
        rule(rf"{left}{hour}[:.]{minute}{second} ?(?:{after})(?![^\W_]){zones}")
        rule(rf"{left}{hour} ?(?:{time.get('after_hour', after)})(?![^\W_]){zones}")
    inside = time.get("inside")
    if inside:  # 14h30
        rule(rf"{left}{hour} ?(?:{inside}) ?{minute}{right}")
    rule(rf"{left}{hour}:{minute}{second}{right}{zones}")
    if "," in number_patterns(language).point:
        made.append(Rule("time", "digit", re.compile(DOTTED.format(left, right)), from_to))
        rule(rf"{left}{hour}\.{minute}{right}(?= ?(?:GMT|UTC|CET|MEZ)\b)")
    dotted = time.get("dotted")
    if dotted:  # a word before which 14.30 is a time
        rule(rf"(?:{dotted}){left}{hour}\.{minute}{right}(?! (?:m|km|kg|met|mèt|mil)[a-zé]*\b)")
    return made
