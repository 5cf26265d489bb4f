"""Say where declarations do not fit what GitHub tells about a repository."""
