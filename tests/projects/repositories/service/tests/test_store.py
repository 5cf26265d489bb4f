def test_the_store_answers(store):
    assert store.recv(64) == b"at your service\n"
