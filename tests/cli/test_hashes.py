"""A key costs a hash, and a large book has many: how often a command makes one."""

from dotsbook.render import jobs

LINES = 120


def test_a_render_hashes_each_chunk_once(shell, monkeypatch):
    words = ["lamp", "road", "mill", "salt", "tide", "rain", "hill", "ford", "kiln", "barn"]
    lines = [f"The {words[n % 10]} by the {words[n // 10 % 10]} was number {n}." for n in range(LINES)]
    (shell.folder / "story.md").write_text("# One\n\n" + "\n\n".join([*lines, lines[5], lines[5]]))
    hashed, take_key = [], jobs.take_key

    def counting(**facts):
        hashed.append(facts)
        return take_key(**facts)

    monkeypatch.setattr(jobs, "take_key", counting)
    shell("render", "@")
    chunks = len(shell.takes())
    assert chunks >= LINES + 2 and len(hashed) <= 2 * chunks
    hashed.clear()
    shell("render", "@")
    assert len(hashed) <= chunks + 2
    hashed.clear()
    shell("status", "@")
    assert len(hashed) <= chunks + 2
