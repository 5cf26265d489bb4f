"""What is said to a person at a terminal."""
