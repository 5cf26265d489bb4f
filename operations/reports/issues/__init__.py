"""One issue on GitHub that holds a stack's report: its text, and the calls that write it."""
