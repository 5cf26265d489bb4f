"""KNOW: what a repository, an environment and a role are; every default lives here."""
