"""Rulesets of repositories and organisations: state, and the references that they apply to."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sandbox.github.rules.pattern import matches


@dataclass(frozen=True)
class BypassActor:
    """A user, team or App that the ruleset does not bind (docs.github.com/rest/repos/rules)."""

    #: `Integration`, `OrganizationAdmin`, `RepositoryRole`, `Team`, `DeployKey` or `User`.
    kind: str
    id: int | None
    #: `always`, `pull_request` (only if the change is a merge of a pull request) or `exempt`.
    mode: str = "always"


@dataclass(eq=False)
class Ruleset:
    """Rules for all references that match the conditions."""

    id: int
    name: str
    #: `branch`, `tag` or `push`. A push ruleset applies to every push, whatever the reference.
    target: str
    #: `active`, `evaluate` or `disabled`; only an active ruleset applies.
    enforcement: str
    #: As the client sent them: `ref_name`, and in an organisation which repositories.
    conditions: dict[str, Any]
    #: As the client sent them: `type`, and `parameters` for some types.
    rules: tuple[dict[str, Any], ...]
    bypass_actors: tuple[BypassActor, ...]
    created_at: datetime
    updated_at: datetime
    #: `Repository` or `Organization`.
    source_type: str = "Repository"

    def applies_to(self, ref: str, default_branch: str) -> bool:
        """Whether the rules apply to a reference, which need not exist.

        A push ruleset is about no reference: see `Repository.push_rules`.
        """
        if self.enforcement != "active" or self.target == "push":
            return False
        if not ref.startswith("refs/heads/" if self.target == "branch" else "refs/tags/"):
            return False
        names = self.conditions.get("ref_name", {})
        default = ref == f"refs/heads/{default_branch}"
        include, exclude = names.get("include", ()), names.get("exclude", ())
        return _named(include, ref, default) and not _named(exclude, ref, default)

    def covers(self, name: str, repository_id: int) -> bool:
        """Whether an organisation's ruleset applies to a repository. Properties are not known."""
        if self.source_type == "Repository":
            return True
        chosen = self.conditions.get("repository_id")
        if chosen is not None:
            return repository_id in chosen.get("repository_ids", ())
        names = self.conditions.get("repository_name", {})
        include, exclude = names.get("include", ()), names.get("exclude", ())
        return _repository(include, name) and not _repository(exclude, name)


def _named(patterns: list[str], ref: str, default: bool) -> bool:  # noqa: FBT001 - the case of one
    special = {"~ALL"} | ({"~DEFAULT_BRANCH"} if default else set())
    return any(pattern in special or matches(pattern, ref) for pattern in patterns)


def _repository(patterns: list[str], name: str) -> bool:
    return any(pattern == "~ALL" or matches(pattern.lower(), name.lower()) for pattern in patterns)
