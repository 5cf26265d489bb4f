"""KNOW: the model of repository, environment and role, with every default."""
