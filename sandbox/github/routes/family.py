"""A family of routes below one kind of object, reachable by every name that GitHub gives it."""

from typing import Any, Final

from flask import Blueprint

#: GitHub redirects renamed repositories to their id.
REPOSITORY: Final = ("/repos/<owner>/<repo>", "/repositories/<int:repository_id>")
#: go-github asks for a team by id through its organisation's id.
TEAM: Final = ("/orgs/<org>/teams/<team_slug>", "/organizations/<int:org_id>/team/<int:team_id>")


class Family(Blueprint):
    """A blueprint whose every rule exists below each of several prefixes."""

    def __init__(self, name: str, prefixes: tuple[str, ...] = ("",)) -> None:
        """Name the family and the prefixes of its rules."""
        super().__init__(name, __name__)
        self._prefixes = prefixes

    def add_url_rule(self, rule: str, *arguments: Any, **options: Any) -> None:
        """Add the rule below each prefix."""
        for prefix in self._prefixes:
            super().add_url_rule(prefix + rule, *arguments, **options)
