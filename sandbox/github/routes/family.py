"""A group of routes about one kind of object, reachable by each of the object's addresses."""

from typing import Any, Final

from flask import Blueprint

#: GitHub redirects requests for a renamed repository to the address with its id.
REPOSITORY: Final = ("/repos/<owner>/<repo>", "/repositories/<int:repository_id>")
#: go-github addresses a team by the ids of organisation and team.
TEAM: Final = ("/orgs/<org>/teams/<team_slug>", "/organizations/<int:org_id>/team/<int:team_id>")


class Family(Blueprint):
    """A blueprint that adds each rule below several prefixes."""

    def __init__(self, name: str, prefixes: tuple[str, ...] = ("",)) -> None:
        """Take the name and the prefixes of the rules."""
        super().__init__(name, __name__)
        self._prefixes = prefixes

    def add_url_rule(self, rule: str, *arguments: Any, **options: Any) -> None:
        """Add the rule below each prefix."""
        for prefix in self._prefixes:
            super().add_url_rule(prefix + rule, *arguments, **options)
