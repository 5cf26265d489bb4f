"""Four verbs, in one direction: config reads, model knows, documents write, resources provision."""
