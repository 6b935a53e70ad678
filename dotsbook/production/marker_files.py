"""Places in a recording with what is to be said of them, as files that listeners and editors use. It knows no books.

csv       a sheet with a head line, as proof-listeners fill in and send back
audacity  a label track: start, end and label between tabs, in seconds
reaper    Reaper's own CSV of markers: #, Name, Start, End, Length
"""

import csv
import io
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from dotsbook.errors import SourceError

FORMS = ("csv", "audacity", "reaper")
COLUMNS = ("chapter", "title", "time", "book time", "chunk", "written", "heard", "why", "note", "by")
OTHER_NAMES = {  # what others call a column
    "ch": "chapter",
    "timecode": "time",
    "timestamp": "time",
    "start": "time",
    "position": "time",
    "id": "chunk",
    "line": "chunk",
    "text": "written",
    "comment": "note",
    "comments": "note",
    "notes": "note",
    "correction": "note",
    "name": "note",
    "category": "why",
    "type": "why",
    "reader": "by",
}
FORMULA = ("=", "+", "-", "@", "\t")  # a spreadsheet would reckon with a cell that begins so


@dataclass(frozen=True)
class Marker:
    """Something about a place."""

    second: float | None  # from the beginning of the file that is heard; None: nowhere yet
    label: str
    end: float | None = None


def clock(seconds: float) -> str:
    """1:02:03.45"""
    hundredths = round(seconds * 100)
    minutes, rest = divmod(hundredths, 6000)
    hours, minutes = divmod(minutes, 60)
    head = f"{hours}:{minutes:02}" if hours else f"{minutes}"
    return f"{head}:{rest // 100:02}.{rest % 100:02}"


def seconds_of(text: str) -> float | None:
    """Seconds in "1:02:03.45", "2:03,5" or "123.4"; None for what is no time."""
    found = re.fullmatch(r"(?:(?:(\d+):)?(\d+):)?(\d+(?:[.,]\d*)?)", text.strip())
    if not found:
        return None
    hours, minutes, rest = found.groups()
    return int(hours or 0) * 3600 + int(minutes or 0) * 60 + float(rest.replace(",", "."))


# the sheet


def sheet(rows: Iterable[Sequence[str]]) -> str:
    """Rows of COLUMNS as CSV that spreadsheets open as it is."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    writer.writerows([harmless(cell) for cell in row] for row in rows)
    return "\ufeff" + text.getvalue()


def harmless(cell: str) -> str:
    cell = " ".join(cell.split())
    return f"'{cell}" if cell.startswith(FORMULA) else cell


def rows_of(text: str) -> list[dict[str, str]]:
    """A sheet's rows by our names of its columns, whatever order and case they have. Raises SourceError."""
    head, _, _ = text.lstrip("\ufeff").partition("\n")
    between = max(",;\t", key=head.count)
    table = list(csv.reader(io.StringIO(text.lstrip("\ufeff")), delimiter=between))
    if not table:
        raise SourceError("The sheet is empty; its first line names the columns, e.g. chapter,time,note.")
    names = [OTHER_NAMES.get(cell.strip().lower(), cell.strip().lower()) for cell in table[0]]
    if "note" not in names or not {"time", "chunk"} & set(names):
        raise SourceError(
            f"The sheet's first line is {', '.join(table[0])[:80]!r}; it must name a column `note`, and `time` or `chunk`."
        )
    return [
        {name: re.sub(r"^'(?=[=+\-@\t])", "", cell.strip()) for name, cell in zip(names, row, strict=False)}
        for row in table[1:]
        if any(cell.strip() for cell in row)
    ]


# label tracks and markers


def labels(markers: Iterable[Marker]) -> str:
    """An Audacity label track."""
    placed = [one for one in markers if one.second is not None]
    return "".join(
        f"{one.second:.6f}\t{one.second if one.end is None else one.end:.6f}\t{' '.join(one.label.split())}\n"
        for one in placed
    )


def reaper(markers: Iterable[Marker]) -> str:
    """Reaper's CSV: a marker where there is no end, a region where there is one."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(("#", "Name", "Start", "End", "Length"))
    for number, one in enumerate((one for one in markers if one.second is not None), 1):
        assert one.second is not None
        name = harmless(one.label)
        if one.end is None:
            writer.writerow((f"M{number}", name, f"{one.second:.3f}", "", ""))
        else:
            times = (f"{second:.3f}" for second in (one.second, one.end, one.end - one.second))
            writer.writerow((f"R{number}", name, *times))
    return text.getvalue()


def markers_of(text: str, form: str) -> list[Marker]:
    """What an editor has written. Raises SourceError for a line that is none of its kind."""
    found = []
    if form == "audacity":
        for number, line in enumerate(text.lstrip("\ufeff").splitlines(), 1):
            if not line.strip() or line.startswith("\\"):  # a line of frequencies
                continue
            start, _, rest = line.partition("\t")
            end, _, label = rest.partition("\t")
            if seconds_of(start) is None or seconds_of(end) is None:
                raise SourceError(
                    f"Line {number} is no Audacity label (start, end, text between tabs): {line[:60]!r}"
                )
            found.append(Marker(seconds_of(start), label.strip(), seconds_of(end)))
        return found
    for row in csv.DictReader(io.StringIO(text.lstrip("\ufeff"))):
        second = seconds_of(row.get("Start") or "")
        if second is None:
            raise SourceError(
                f"The marker {row.get('#')} has no time in seconds or minutes ({row.get('Start')!r}); set Reaper's ruler to "
                "minutes:seconds and export again."
            )
        found.append(Marker(second, re.sub(r"^'(?=[=+\-@])", "", (row.get("Name") or "").strip())))
    return found


def form_of(text: str) -> str:
    """Which of FORMS a file is."""
    head = text.lstrip("\ufeff").partition("\n")[0]
    if head.replace('"', "").startswith("#,Name,"):
        return "reaper"
    return "audacity" if re.match(r"\d+(?:[.,]\d+)?\t\d+(?:[.,]\d+)?(?:\t|$)", head) else "csv"
