"""Checks of what the declared workflows will do."""
