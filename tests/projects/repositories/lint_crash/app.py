"""A greeting."""


def hello(name):
    """Greet somebody."""
    return f"hello {name}"
