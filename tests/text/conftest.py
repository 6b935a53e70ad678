import pytest
from bookmaking import Maker


@pytest.fixture
def maker(tmp_path):
    return Maker(tmp_path)
