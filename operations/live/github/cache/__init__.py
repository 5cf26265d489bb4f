"""Answers that are kept for the next look, and a session that asks whether they still hold."""
