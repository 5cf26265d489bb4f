import no_such_module


def test_it():
    assert no_such_module
