import pytest
from app import hello


@pytest.fixture
def name():
    """Name somebody, in vain."""
    raise RuntimeError("no name")


def test_hello(name):
    assert hello(name)
