"""WRITE: pure functions from the model to workflow files and policies."""
