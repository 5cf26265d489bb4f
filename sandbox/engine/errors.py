"""What can go wrong on the way to an engine."""


class EngineError(Exception):
    """No way to an engine works; the message says why for each and what to install."""


class UnavailableError(Exception):
    """One way does not work here; the message is the reason, for the list in `EngineError`."""
