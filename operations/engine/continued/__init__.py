"""What became of each step of a run, and what may go on after a failure."""
