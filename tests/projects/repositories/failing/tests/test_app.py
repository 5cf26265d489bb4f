from app import hello


def test_hello():
    assert hello("you") == "hello you"


def test_wrong():
    assert hello("you") == "bye"
