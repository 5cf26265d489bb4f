"""Print messages and progress, ask questions, and shorten foreign text for lines."""
