"""Which workflow files an event starts. Deliberately absent: jobs, and runs after other runs."""
