"""AWS's side: the questions that STS answers about a token and a role."""
