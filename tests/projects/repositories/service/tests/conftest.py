import os
import socket

import pytest


@pytest.fixture
def store():
    """Connect to the service."""
    place = ("localhost", int(os.environ["STORE_PORT"]))
    with socket.create_connection(place, 5) as connection:
        yield connection
