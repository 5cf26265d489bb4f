"""Propose the declaration of an existing repository."""
