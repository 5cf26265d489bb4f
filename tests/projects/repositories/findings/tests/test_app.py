from app import result


def test_result():
    assert result("1 + 1") == 2
