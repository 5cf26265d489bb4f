from shop.prices import thanks


def test_thanks():
    assert thanks("you") == "hello you"
