"""Propose the declaration of a repository as it is."""
