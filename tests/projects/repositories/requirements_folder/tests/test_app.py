import wordlist
from app import hello


def test_hello():
    assert hello("you") == "hello you"


def test_development_packages_are_there():
    assert wordlist.WORD == "hello"
