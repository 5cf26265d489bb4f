"""The steps of a plan in words, and as differences between declaration and live world."""
