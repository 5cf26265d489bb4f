import wordlist
from shop.prices import thanks


def test_thanks():
    assert thanks("you") == "hello you"


def test_development_packages_are_there():
    assert wordlist.WORD == "hello"
