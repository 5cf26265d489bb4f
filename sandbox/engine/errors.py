"""Errors while finding or making an engine."""


class EngineError(Exception):
    """No way to get an engine works; the message has the reason of each and what to install."""


class UnavailableError(Exception):
    """One way does not work here; `EngineError` lists the message as its reason."""
