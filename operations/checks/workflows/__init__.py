"""Checks of declarations by the workflows that are rendered from them."""
