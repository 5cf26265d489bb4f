"""The outcome of each step of a run, and the steps that can run after a failure."""
