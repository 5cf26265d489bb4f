"""GitHub's side: what is read of a repository, and the questions that it answers."""
