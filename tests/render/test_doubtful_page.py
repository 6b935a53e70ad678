"""The page of doubtful takes: whole, safe, and readable without eyes."""

from html.parser import HTMLParser

from dotsbook.render.doubtful_page import DoubtfulLine, clock, report_html


class Page(HTMLParser):
    def __init__(self, text):
        super().__init__()
        self.tags, self.words = [], []
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data):
        self.words.append(data)

    def all(self, tag):
        return [attributes for name, attributes in self.tags if name == tag]


ROWS = [
    DoubtfulLine(
        "3.42",
        "The <Lamp>",
        '"Tea" & <script>alert(1)</script>',
        ["too short: 1.2 s", "noise"],
        3725.44,
        b"fLaC\0",
        language='en" onload="x',
    ),
    DoubtfulLine("4.1", "Two", "שלום", ["no sound"]),
]


def test_everything_is_in_the_page_and_nothing_of_it_is_markup():
    text = report_html(ROWS, "The Book <1>")
    page = Page(text)
    assert not page.all("script")
    assert not any(name.startswith("on") for _, attributes in page.tags for name in attributes)
    words = "".join(page.words)
    for piece in (
        "3.42",
        "The <Lamp>",
        '"Tea" & <script>alert(1)</script>',
        "too short: 1.2 s",
        "1:02:05.4",
        "שלום",
        "no take",
    ):
        assert piece in words
    assert "The Book <1>" in words


def test_a_player_for_each_take_inside_the_page():
    page = Page(report_html(ROWS))
    [player] = page.all("audio")
    assert player["src"] == "data:audio/flac;base64,ZkxhQwA="
    assert player["aria-label"] == "Chunk 3.42"
    assert "http" not in report_html(ROWS)


def test_it_can_be_read_without_eyes():
    page = Page(report_html(ROWS))
    assert page.all("html")[0]["lang"] == "en"
    assert page.all("caption")
    assert all(attributes["scope"] in ("col", "row") for attributes in page.all("th"))


def test_nothing_to_report():
    assert "every take passed" in report_html([])


def test_clock():
    assert [clock(seconds) for seconds in (0, 59.96, 61.2, 3600)] == [
        "0:00.0",
        "1:00.0",
        "1:01.2",
        "1:00:00.0",
    ]
