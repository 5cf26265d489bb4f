"""Changes that a preview reports and that no run repairs, or none without consent.

They come last: some of them make every refresh fail or replace a repository by another one.
"""

from datetime import UTC, datetime, timedelta

from tests.e2e.conftest import World
from tests.e2e.tampering import hands
from tests.e2e.tampering.tampers import Tamper, by_hand, github


def unknown_reviewer(world: World) -> None:
    """Let an enterprise's team approve; GitHub's REST API accepts only users and other teams."""
    world.control("PUT", "reviewers/acme/billing/prod", {"enterprise_teams": ["ent:xyz"]})


def other_default_branch(world: World) -> None:
    """Make another branch, which prod admits, the default branch."""
    head = world.github("GET", "repos/acme/billing/git/ref/heads/main")["object"]["sha"]
    body = {"ref": "refs/heads/release/1", "sha": head}
    world.github("POST", "repos/acme/billing/git/refs", body)
    world.github("PATCH", "repos/acme/billing", {"default_branch": "release/1"})


def taken_team(world: World) -> None:
    """Rename a team that approves, and create one of the old name, which approves instead."""
    world.github("PATCH", "orgs/acme/teams/payments", {"name": "former"})
    world.github("POST", "orgs/acme/teams", {"name": "payments"})
    there = "orgs/acme/teams/payments/repos/acme/payments"
    world.github("PUT", there, {"permission": "push"})
    hands.environment(world, "payments/prod", reviewers=["Team payments", "User octocat"])


def taken_repository(world: World) -> None:
    """Rename a repository, and create another one with the old name."""
    world.control("PATCH", "repositories/acme/legacy-reports", {"name": "reports"})
    newcomer = {
        "owner": "acme",
        "name": "legacy-reports",
        "created_at": (datetime.now(UTC) + timedelta(hours=1)).isoformat(),
        "files": {"README.md": "# x\n"},
    }
    world.control("POST", "seed", {"repositories": [newcomer]})


ONLY_SEEN = {
    "repository made public": Tamper(
        github("PATCH", "repos/acme/payments", {"private": False}),
        "payments | repository | visibility",
        "weaker",
        "by hand",
    ),
    "enterprise's team as a reviewer": Tamper(
        unknown_reviewer,
        "billing | environment prod | reviewers",
        "weaker",
        "by hand",
    ),
    "another team of a reviewer's name": Tamper(
        taken_team,
        "payments | environment prod | reviewer ids",
        "weaker",
        "by hand",
    ),
    "another default branch": Tamper(
        other_default_branch,
        "billing | repository | default branch",
        "weaker",
        "by hand",
    ),
    "another repository of the name": Tamper(
        taken_repository,
        "legacy-reports | role acme.legacy-reports-prod | trust",
        "weaker",
        "up",
    ),
    "external secret deleted": Tamper(
        by_hand(hands.secret, "billing/prod", "EXTERNAL", None),
        "billing | environment prod, secret EXTERNAL | ",
        "neutral",
        "by hand",
    ),
}
