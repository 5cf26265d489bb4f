"""Read GitHub: sessions, and what each part of a repository is."""
