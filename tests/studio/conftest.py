"""A small book, its studio, and clients that hold its cookie, another's, or none."""

import shutil
import time
from pathlib import Path

import pytest
from starlette.testclient import TestClient

import dotsbook
from dotsbook.studio.doorway import GUEST, OWN, Doorway, Keys
from dotsbook.studio.live import Live
from dotsbook.studio.studio_house import StudioHouse
from dotsbook.studio.studio_routes import studio_application
from tests.production.conftest import make

HOME = "http://127.0.0.1:8870"
SECRETS = {OWN: "o" * 40, GUEST: "g" * 40}


class Page:
    """A browser's page of the studio: what it asks goes out as the client's code sends it."""

    def __init__(self, app, secret: str | None = SECRETS[OWN]):
        cookies = {"dotsbook-test": secret} if secret else {}
        self.client = TestClient(app, base_url=HOME, cookies=cookies, raise_server_exceptions=True)

    def ask(self, name: str, /, **fields):
        answer = self.client.get(f"/api/{name}", params=fields)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def wish(self, name: str, /, **fields):
        answer = self.post(name, fields)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def post(self, name: str, fields, **headers):
        named = {"Origin": HOME} | {key.replace("_", "-"): value for key, value in headers.items()}
        return self.client.post(f"/api/{name}", json=fields, headers=named)

    def sound(self, name: str, data: bytes, /, **fields):
        headers = {"Origin": HOME, "Content-Type": "audio/wav"}
        return self.client.post(f"/api/{name}", params=fields, content=data, headers=headers)

    def wait(self, kind: str) -> dict:
        """A task, once it has ended."""
        for _ in range(600):
            task = self.house.tasks.latest[kind]
            if task.state != "running":
                return task.record()
            time.sleep(0.05)
        raise AssertionError(f"{kind} goes on")


@pytest.fixture(scope="session")
def rendered(tmp_path_factory) -> Path:
    made = make(tmp_path_factory.mktemp("studio") / "ferry")
    with dotsbook.open(made) as book:
        list(book.render())
    return made


@pytest.fixture
def folder(rendered, tmp_path) -> Path:
    return Path(shutil.copytree(rendered, tmp_path / "ferry"))


@pytest.fixture
def house(folder):
    house = StudioHouse(folder / "book.yaml")
    yield house
    house.close()


@pytest.fixture
def live(house):
    live = Live(house)
    yield live
    live.close()


@pytest.fixture
def keys():
    return Keys("dotsbook-test", SECRETS, {"once-and-never-again"}, "for-others")


@pytest.fixture
def app(house, live, keys):
    return Doorway(studio_application(house, live), keys)


@pytest.fixture
def page(app, house):
    page = Page(app)
    page.house = house
    return page
