"""Manifests and titles meant to harm: all that is written stays inside the project, and nothing in it can run."""

import json
import re

import pytest
from ground import Project, a_sentence, tree

TITLE = "title: The Ferry\n"
PATHS = {
    "a source that is no book": ("source: story.md", "source: /bin/sh"),
    "a source that is a folder": ("source: story.md", "source: /etc"),
    "a source that climbs out": ("source: story.md", "source: ../../../../etc/hostname"),
    "a source that is a device": ("source: story.md", "source: /dev/zero"),
    "a source of a NUL": ("source: story.md", 'source: "a\\0b.md"'),
    "a source of 5,000 letters": ("source: story.md", f"source: {'x' * 5000}.md"),
    "output that climbs out": (TITLE, TITLE + "output: {folder: ../x}\n"),
    "output at the root": (TITLE, TITLE + "output: {folder: /tmp/dotsbook-attack}\n"),
    "output through the state": (TITLE, TITLE + "output: {folder: out/../../x}\n"),
    "output that is the project": (TITLE, TITLE + "output: {folder: .}\n"),
    "output of a NUL": (TITLE, TITLE + 'output: {folder: "a\\0b"}\n'),
    "output of 5,000 letters": (TITLE, TITLE + f"output: {{folder: {'x' * 5000}}}\n"),
    "output in the home folder": (TITLE, TITLE + 'output: {folder: "~/x"}\n'),
    "a voice with slashes": ("mara", "../../mara"),
    "a voice of a NUL": ("mara", '"ma\\0ra"'),
    "a voice of 5,000 letters": ("mara", "m" * 5000),
    "a cover that is no picture": (TITLE, TITLE + "output: {cover: /etc/passwd}\n"),
    "a cover without end": (TITLE, TITLE + "output: {cover: /dev/zero}\n"),
    "a room tone that is no sound": (TITLE, TITLE + "output: {room_tone: /etc/passwd}\n"),
    "a lexicon that is none": (TITLE, TITLE + "lexicon: /etc/passwd\n"),
    "a lexicon without end": (TITLE, TITLE + "lexicon: /dev/zero\n"),
    "a reference that is a secret": (
        "mara: {}",
        "mara: {reference: /etc/shadow, transcript: /etc/shadow, consent: x}",
    ),
    "a transcript of 100 MB": ("mara: {}", "mara: {reference: story.md, transcript: long.txt, consent: x}"),
    "a transcript without end": (
        "mara: {}",
        "mara: {reference: story.md, transcript: /dev/zero.txt, consent: x}",
    ),
    "a tag that would run": (TITLE, 'title: !!python/object/apply:os.system ["touch pwned"]\n'),
    "an anchors bomb": (TITLE, "title: &a [x, x]\nauthor: &b [*a, *a]\n"),
    "10 MB of a string": (TITLE, f"title: {'x' * 10_000_000}\n"),
    "a nest": (TITLE, "title: " + "[" * 10_000 + "\n"),
    "a number without end": (TITLE, f"title: x\npacing: {{sentence: {'9' * 5000}}}\n"),
    "a lone surrogate": (TITLE, 'title: "\\ud800 x"\n'),
    "300 voices": ("voices: {", "voices: {" + ", ".join(f"v{n}: {{}}" for n in range(300)) + ", "),
}
TITLES = {
    "traversal": "../../../../tmp/pwned",
    "an absolute path": "/etc/cron.d/x",
    "windows": "C:\\\\con\\\\aux:stream",
    "nul": "a\\0b",
    "bidi": "The \\u202Egnp.exe\\u2066",
    "long": "T" * 5000,
    "markup": "</title><script>alert(1)</script><img src=x onerror=alert(1)>",
    "template": "$title ${digest} {{7*7}} %s {0}",
    "cue": "x --> 00:00:00.000 <c.red>&amp;",
    "control": "bell\\a esc\\e[31m \\x7f\\x9b",
    "dots": "...",
    "empty": " ",
    "emoji": "🛥️ 👩‍👩‍👧 café́́́",
}


def write(project: Project, before: str, after: str) -> None:
    path = project.folder / "book.yaml"
    text = path.read_text("utf-8")
    assert before in text
    path.write_text(text.replace(before, after), "utf-8")


def outside(project: Project) -> dict[str, str]:
    """All that lies about the project, itself left out."""
    name = project.folder.name
    return {path: what for path, what in tree(project.folder.parent).items() if path.split("/")[0] != name}


@pytest.mark.parametrize("what", PATHS)
def test_a_manifest_that_leaves_the_project(project, what):
    write(project, *PATHS[what])
    with open(project.folder / "long.txt", "wb") as file:
        file.truncate(100_000_000)
    (project.folder.parent / "bystander").write_text("untouched")
    before = outside(project)
    said = [a_sentence(project.run(*words)) for words in (("make", "@"), ("voices", "@"))]
    assert outside(project) == before
    assert not any("root:" in words or "daemon:" in words for words in said), (
        "read out a file that is none of its own"
    )


@pytest.mark.parametrize("what", TITLES)
def test_a_title_is_only_a_title(rendered, what):
    title = TITLES[what]
    write(rendered, TITLE, f'title: "{title}"\nauthor: "{title}"\nsubtitle: "{title}"\n')
    before = outside(rendered)
    ended = rendered.run("assemble", "@", "--format", "m4b,page,vtt,srt,lrc,json")
    a_sentence(ended)
    assert outside(rendered) == before
    if ended.code:
        return
    for path in (rendered.folder / "out").rglob("*"):
        assert len(path.name.encode()) <= 255 and not re.search(
            r'[\x00-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069<>"|?*\\:]', path.name
        )
    inert(rendered)


def inert(project: Project) -> None:
    """No page holds a script or a handler but its own, no cue an arrow or a tag of the book's."""
    page = (project.folder / "out" / "index.html").read_text("utf-8")
    assert page.count("<script") == page.count("</script>") == 2
    assert "<img" not in page and "onerror" not in re.sub(
        r"<script.*?</script>", "", page, flags=re.S
    ).replace("&lt;img src=x onerror", "")
    for data in re.findall(r"<script[^>]*application/json[^>]*>(.*?)</script>", page, re.S):
        json.loads(data)
    for path in (project.folder / "out").glob("*.vtt"):
        for line in path.read_text("utf-8").splitlines():
            assert "-->" not in line or re.fullmatch(r"[\d:.]+ --> [\d:.]+", line)
            assert "<" not in line


def test_what_is_written_in_the_text_cannot_run_either(project):
    (project.folder / "story.md").write_text(
        "# One </script><script>alert(1)</script>\n\nHe wrote `</script><img src=x onerror=alert(1)>` and x --> y.\n\n"
        "A [link](javascript:alert(1)) and <b onclick=alert(1)>bold</b>.\n",
        "utf-8",
    )
    project.must("make", "@", "--format", "page,vtt,srt,lrc,json")
    inert(project)
    page = (project.folder / "out" / "index.html").read_text("utf-8")
    assert not re.search(r"(href|src)=.?javascript:", page)


def test_a_link_in_the_way_is_not_followed_out(rendered):
    """A file of ours that someone made a link: it is replaced, what it points to is not written."""
    victim = rendered.folder.parent / "victim"
    victim.write_text("untouched")
    out = rendered.folder / "out"
    out.mkdir()
    for name in ("The Ferry.m4b", "index.html", "The Ferry.vtt"):
        (out / name).symlink_to(victim)
    (rendered.folder / "book.lock.yaml").unlink(missing_ok=True)
    (rendered.folder / "book.lock.yaml").symlink_to(victim)
    rendered.must("render", "@", "--chapter", "1", "--again")
    rendered.must("assemble", "@", "--format", "m4b,page,vtt")
    assert victim.read_text() == "untouched"
