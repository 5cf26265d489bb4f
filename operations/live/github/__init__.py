"""Read GitHub: sessions, and each part of a repository."""
