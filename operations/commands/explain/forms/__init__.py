"""The two forms of explanations: text for people, and JSON."""
