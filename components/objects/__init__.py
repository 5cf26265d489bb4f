"""OBJECTS: the kinds of objects that slipway manages, and which of them a declaration asks for."""
