"""Strategies of rules: rulesets and classic protection, as administrators write them.

docs.github.com: available rules for rulesets; REST API endpoints for rules, for protected branches.
"""

from collections.abc import Callable
from typing import Any, Final

from hypothesis import strategies as st

from tests.e2e.worlds.facts import Data
from tests.e2e.worlds.people import APP, APP_ID, MEMBER, OUTSIDER, OWNER, TEAM_IDS, USER_IDS

_BOOLEANS: Final = st.booleans()
_OPERATORS: Final = st.sampled_from(("starts_with", "ends_with", "contains", "regex"))


def _pattern(*texts: str) -> st.SearchStrategy[Data]:
    given = {"operator": _OPERATORS, "pattern": st.sampled_from(texts), "negate": _BOOLEANS}
    return st.fixed_dictionaries(given, optional={"name": st.just("as agreed")})


_EMAILS: Final = _pattern("@example.com", "users.noreply.github.com", "@", "slipway")
_PULL_REQUEST: Final = st.fixed_dictionaries(
    {
        "dismiss_stale_reviews_on_push": _BOOLEANS,
        "require_code_owner_review": _BOOLEANS,
        "require_last_push_approval": _BOOLEANS,
        "required_approving_review_count": st.integers(0, 2),
        "required_review_thread_resolution": _BOOLEANS,
    }
)
_CHECKS: Final = st.fixed_dictionaries(
    {
        "required_status_checks": st.lists(
            st.sampled_from(({"context": "build"}, {"context": "lint"})), min_size=1, unique_by=str
        ),
        "strict_required_status_checks_policy": _BOOLEANS,
        "do_not_enforce_on_create": _BOOLEANS,
    }
)
_QUEUE: Final = st.just(
    {
        "check_response_timeout_minutes": 60,
        "grouping_strategy": "ALLGREEN",
        "max_entries_to_build": 5,
        "max_entries_to_merge": 5,
        "merge_method": "MERGE",
        "min_entries_to_merge": 1,
        "min_entries_to_merge_wait_minutes": 5,
    }
)
_SCANNING: Final = st.just(
    {
        "code_scanning_tools": [
            {
                "tool": "CodeQL",
                "alerts_threshold": "errors",
                "security_alerts_threshold": "high_or_higher",
            }
        ]
    }
)
_NOTHING: Final = st.none()

#: Parameters of each type of rule about branches.
ON_BRANCHES: Final[dict[str, st.SearchStrategy[Data] | st.SearchStrategy[None]]] = {
    "pull_request": _PULL_REQUEST,
    "required_status_checks": _CHECKS,
    "required_signatures": _NOTHING,
    "required_linear_history": _NOTHING,
    "non_fast_forward": _NOTHING,
    "update": st.fixed_dictionaries({"update_allows_fetch_and_merge": _BOOLEANS}),
    "deletion": _NOTHING,
    "creation": _NOTHING,
    "required_deployments": st.just({"required_deployment_environments": ["qa"]}),
    "merge_queue": _QUEUE,
    "code_scanning": _SCANNING,
    "copilot_code_review": st.fixed_dictionaries({"review_on_push": _BOOLEANS}),
}
#: The same for those that only GitHub Enterprise has: restrictions on metadata.
ON_METADATA: Final[dict[str, st.SearchStrategy[Data]]] = {
    "branch_name_pattern": _pattern("main", "develop", "feature/", "slipway", "^[a-z/]+$"),
    "commit_message_pattern": _pattern("Add ", "JIRA-", "slipway", "^(feat|fix): ", "\n"),
    "commit_author_email_pattern": _EMAILS,
    "committer_email_pattern": _EMAILS,
}
#: Workflows that must pass; an organisation's ruleset alone has the rule.
ON_ORGANIZATIONS: Final[dict[str, st.SearchStrategy[Data]]] = {
    "workflows": st.just(
        {"workflows": [{"path": ".github/workflows/all.yml", "repository_id": 1}]}
    ),
}
#: Rules of a ruleset for pushes.
ON_PUSHES: Final[dict[str, st.SearchStrategy[Data]]] = {
    "file_path_restriction": st.fixed_dictionaries(
        {
            "restricted_file_paths": st.sampled_from(
                ([".github/workflows/*"], [".github/**/*"], ["docs/*"], ["**/*.yml"])
            )
        }
    ),
    "file_extension_restriction": st.fixed_dictionaries(
        {"restricted_file_extensions": st.sampled_from((["exe"], ["*.jar"], [".yml"], ["*.yml"]))}
    ),
    "max_file_path_length": st.fixed_dictionaries(
        {"max_file_path_length": st.sampled_from((20, 34, 255))}
    ),
    "max_file_size": st.fixed_dictionaries({"max_file_size": st.sampled_from((1, 100))}),
}
#: The fields that most rulesets have.
_FREQUENT: Final = ("pull_request", "required_status_checks", "commit_message_pattern")
#: Branches that a ruleset includes and excludes.
_PLACES: Final[tuple[tuple[list[str], list[str]], ...]] = (
    (["~DEFAULT_BRANCH"], []),
    (["~ALL"], []),
    (["~ALL"], ["refs/heads/slipway/**/*"]),
    (["~ALL"], ["refs/heads/slipway/**/*", "refs/heads/develop"]),
    (["refs/heads/main"], []),
    (["refs/heads/develop"], []),
    (["refs/heads/[dm]*"], ["refs/heads/main"]),
    (["refs/heads/slipway/**/*"], []),
    (["refs/heads/release/*"], []),
    (["refs/heads/*"], []),
    (["refs/heads/**/*"], ["refs/heads/slipway/*"]),
    (["~ALL"], ["refs/heads/slipway/**"]),
)
#: Repository roles (2 maintain, 4 write, 5 admin), and others who may pass.
_PASSING: Final[tuple[tuple[str, int | None], ...]] = (
    ("RepositoryRole", 5),
    ("RepositoryRole", 4),
    ("OrganizationAdmin", 1),
    ("Team", TEAM_IDS["platform"]),
    ("Team", TEAM_IDS["readers"]),
    ("User", USER_IDS[OWNER]),
    ("User", USER_IDS[MEMBER]),
    ("Integration", APP_ID),
    ("DeployKey", None),
)
#: Those that a user's repository has as well.
_OF_USERS: Final = ("RepositoryRole", "Integration", "DeployKey")


@st.composite
def ruleset(draw: Callable[..., Any], name: str, plan: str, *, above: bool = False) -> Data:
    """A ruleset, as its API takes it; a plan has the kinds that GitHub's documentation lists.

    Args:
        draw: Hypothesis's.
        name: of the ruleset.
        plan: of the owner.
        above: whether it is the organisation's.
    """
    kinds: dict[str, Any] = ON_BRANCHES | (ON_ORGANIZATIONS if above else {})
    kinds |= ON_METADATA if plan == "enterprise" else {}
    pushes = not above and plan in {"team", "enterprise"}
    if pushes and draw(st.sampled_from((True, False, False))):
        return _body(draw, name, "push", ON_PUSHES, plan)
    return _body(draw, name, "branch", kinds, plan)


def _body(
    draw: Callable[..., Any], name: str, target: str, kinds: dict[str, Any], plan: str
) -> Data:
    frequent = [one for one in (*_FREQUENT, *_FREQUENT, *ON_METADATA) if one in kinds]
    each = st.sampled_from([*kinds, *frequent])
    types = draw(st.lists(each, min_size=1, max_size=2, unique=True))
    rules = [(one, draw(kinds[one])) for one in types]
    users = plan == "pro"
    passing_here = [one for one in _PASSING if not users or one[0] in _OF_USERS]
    who = draw(st.sampled_from((None, None, *passing_here)))
    modes = ("always", "always", "pull_request", "exempt")
    passing = {"actor_type": who[0], "actor_id": who[1]} if who else {}
    # A deploy key passes always.
    if who and who[0] != "DeployKey":
        passing["bypass_mode"] = draw(st.sampled_from(modes))
    stages = ("active",) * 6 + ("disabled",) + (("evaluate",) if plan == "enterprise" else ())
    body = {
        "name": name,
        "target": target,
        "enforcement": draw(st.sampled_from(stages)),
        "bypass_actors": [passing] if passing else [],
        "rules": [
            {"type": kind} | ({"parameters": parameters} if parameters else {})
            for kind, parameters in rules
        ],
    }
    if target == "branch":
        include, exclude = draw(st.sampled_from((_PLACES[0], _PLACES[2], *_PLACES)))
        body["conditions"] = {"ref_name": {"include": include, "exclude": exclude}}
    return body


def _people(*, apps: bool = False) -> st.SearchStrategy[Data]:
    given: dict[str, Any] = {
        "users": st.lists(st.sampled_from((OWNER, MEMBER, OUTSIDER)), unique=True, max_size=2),
        "teams": st.lists(st.sampled_from(("platform", "readers")), unique=True, max_size=1),
    }
    listed = st.sampled_from(([], [], [APP]))
    return st.fixed_dictionaries(given | ({"apps": listed} if apps else {}))


_REVIEWS: Final = st.fixed_dictionaries(
    {
        "required_approving_review_count": st.integers(0, 2),
        "dismiss_stale_reviews": _BOOLEANS,
        "require_code_owner_reviews": _BOOLEANS,
        "require_last_push_approval": _BOOLEANS,
    },
    optional={"bypass_pull_request_allowances": _people(apps=True)},
)
#: Classic protection, as its API takes it; four members are demanded.
PROTECTION: Final[st.SearchStrategy[Data]] = st.fixed_dictionaries(
    {
        "required_status_checks": st.sampled_from(
            (
                None,
                None,
                {"strict": True, "contexts": ["build"]},
                {"strict": False, "contexts": []},
            )
        ),
        "enforce_admins": _BOOLEANS,
        "required_pull_request_reviews": st.one_of(st.none(), _REVIEWS),
        "restrictions": st.one_of(st.none(), st.none(), _people(apps=True)),
    },
    optional={
        "required_linear_history": _BOOLEANS,
        "allow_force_pushes": _BOOLEANS,
        "allow_deletions": _BOOLEANS,
        "block_creations": _BOOLEANS,
        "required_conversation_resolution": _BOOLEANS,
        "lock_branch": st.sampled_from((False, False, True)),
        "allow_fork_syncing": _BOOLEANS,
    },
)
#: The same for the repository of a user, who has neither teams nor restrictions.
PROTECTION_OF_USERS: Final = PROTECTION.map(
    lambda body: (
        body
        | {
            "restrictions": None,
            "required_pull_request_reviews": {
                key: value
                for key, value in body["required_pull_request_reviews"].items()
                if key != "bypass_pull_request_allowances"
            }
            if body["required_pull_request_reviews"]
            else None,
        }
    )
)
#: Classic protection of all branches that match a pattern.
PATTERNS: Final = st.fixed_dictionaries(
    {"pattern": st.sampled_from(("*", "develop", "slipway/**/*", "**/*", "release/*", "[dm]*"))},
    optional={
        "enforce_admins": _BOOLEANS,
        "contexts": st.just(["build"]),
        "reviews": _BOOLEANS,
        "restricted": _BOOLEANS,
        "signatures": _BOOLEANS,
        "block_creations": _BOOLEANS,
        "locked": _BOOLEANS,
    },
)
