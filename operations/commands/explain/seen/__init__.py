"""What one look at GitHub and AWS found of a repository; no judgement."""
