"""Compare the resolved declaration with the live world; each finding has direction and remedy."""
