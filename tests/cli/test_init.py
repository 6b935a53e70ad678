"""`init` makes a project that plans and renders as it stands."""

import pytest

from dotsbook.project import open_project


@pytest.mark.parametrize("template", ["novel", "nonfiction", "drama"])
def test_every_template_plans_as_it_is(shell, tmp_path, template):
    target = tmp_path / template
    shell("init", str(target), "--template", template)
    assert open_project(target).manifest.title == "Untitled"
    assert "0 unaccounted" in shell("plan", str(target))
    assert (target / ".gitignore").read_text().split() == [".dotsbook/", "out/"]


def test_a_source_gives_its_title_and_is_copied(shell, tmp_path):
    target = tmp_path / "made"
    source = tmp_path / "strange.md"
    source.write_text(
        '---\ntitle: "It\'s: a # \\"test\\" \\\\ ${x}"\nauthor: "N. N."\nlanguage: de\n---\n\n## Eins\n\nGuten Tag.\n'
    )
    shell("init", str(target), "--source", str(source))
    manifest = open_project(target).manifest
    assert (manifest.title, manifest.author, manifest.language) == (
        'It\'s: a # "test" \\ ${x}',
        "N. N.",
        "de",
    )
    assert (target / "strange.md").read_bytes() == source.read_bytes()


def test_a_source_can_stay_where_it_is(shell, tmp_path):
    target = tmp_path / "pointing"
    shell("init", str(target), "--source", "@/story.md", "--point")
    assert not (target / "story.md").exists()
    assert open_project(target).sources == [shell.folder / "story.md"]


def test_an_unknown_template_names_the_others(shell, tmp_path):
    assert "drama, nonfiction, novel" in shell("init", str(tmp_path / "x"), "--template", "poem", code=1)
