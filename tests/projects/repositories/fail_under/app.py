"""A greeting."""


def hello(name):
    """Greet somebody."""
    return f"hello {name}"


def bye(name):
    """Part from somebody, untested."""
    return f"bye {name}"
