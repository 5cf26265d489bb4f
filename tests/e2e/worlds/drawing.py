"""Draw worlds with Hypothesis: the same seed gives the same world.

Hypothesis draws one repository at a time and its search for examples ends there: an engine run is
for a whole batch, and `smallest` takes facts away from one that fails.
"""

from collections.abc import Callable, Hashable
from typing import Any, Final, Literal

import hypothesis
from hypothesis import HealthCheck, Phase
from hypothesis import strategies as st

from tests.e2e.worlds import rules
from tests.e2e.worlds.declarations import declarations
from tests.e2e.worlds.facts import Data, Repository, Role, World
from tests.e2e.worlds.people import MEMBER, OUTSIDER, OWNER

Plan = Literal["free", "pro", "team", "enterprise"]
#: Eight worlds of twenty-five repositories.
SEEDS: Final = range(1, 9)
SIZE: Final = 25
#: Plans of the owners of successive worlds; a user has `pro`.
PLANS: Final[tuple[Plan, ...]] = ("free", "team", "enterprise", "team", "enterprise", "pro")
_FOLDER: Final = ".github/workflows"
_WORKFLOW: Final = (
    "on: {push: {branches: [main]}}\njobs: {a: {runs-on: ubuntu-latest, steps: [{run: make}]}}\n"
)
_PATTERNS: Final = (["main"], ["release/*"], ["develop", "main"], ["v1", "v*"])


def world(seed: int, count: int) -> World:
    """A world with so many repositories; each seed has another plan than the one before."""
    plan = PLANS[seed % len(PLANS)]
    owner: World = _example(_owners(plan), seed)
    found = [_example(_repositories(plan), f"{seed}/{number}") for number in range(count)]
    named = [one.model_copy(update={"name": f"r{number:02}"}) for number, one in enumerate(found)]
    return owner.model_copy(update={"repositories": named})


def _example(strategy: st.SearchStrategy[Any], seed: Hashable) -> Any:
    """One random example of a strategy.

    The second one: Hypothesis begins with the smallest. Later ones are variations of those before,
    and a batch of them would have few different facts. The first choice of the second example is
    never that of the first one: it is a number that nobody uses.
    """
    found: list[Any] = []

    @hypothesis.seed(seed)
    @hypothesis.settings(
        max_examples=2,
        phases=[Phase.generate],
        database=None,
        suppress_health_check=list(HealthCheck),
    )
    @hypothesis.given(st.tuples(st.integers(0, 2**32), strategy))
    def collect(example: tuple[int, Any]) -> None:
        found.append(example[1])

    collect()
    return found[1]


def _owners(plan: Plan) -> st.SearchStrategy[World]:
    return st.builds(
        World,
        owner=st.just("user" if plan == "pro" else "organization"),
        plan=st.just(plan),
        token=st.sampled_from(("classic", "classic", "fine-grained", "app")),
        accounts=st.sampled_from((1, 1, 1, 3)),
        members_read=st.booleans(),
        immutable_subjects=st.booleans(),
        provider_exists=st.booleans(),
        provider_declared=st.sampled_from(("existing", "create")),
        repositories=st.just([]),
    )


def _often(draw: Callable[..., Any], percent: int) -> bool:
    return bool(draw(st.sampled_from((True,) * percent + (False,) * (100 - percent))))


@st.composite
def _repositories(draw: Callable[..., Any], plan: Plan) -> Repository:
    """One repository, named later."""
    visibilities = {
        "free": ("public",) * 5 + ("private",),
        "pro": ("public", "private"),
        "team": ("public", "private"),
        "enterprise": ("public", "private", "internal"),
    }[plan]
    found = Repository(name="r", visibility=draw(st.sampled_from(visibilities)))
    found.default_branch = draw(
        st.sampled_from(
            ("main",) * 9
            + ("master",) * 4
            + ("develop", "develop", "trunk", "release/1.0", "wip#1")
        )
    )
    if not _often(draw, 4):
        found.files = {"README.md": "# Read me\n"}
        _branches(draw, found)
        _contents(draw, found)
    found.archived = _often(draw, 4)
    found.declared_in_capitals = _often(draw, 5)
    found.teams = {
        slug: draw(st.sampled_from(("pull", "push", "maintain")))
        for slug in ("platform", "readers")
        if plan != "pro" and _often(draw, 65)
    }
    found.collaborators = {login: "push" for login in (MEMBER, OUTSIDER) if _often(draw, 20)}
    # On Free, a repository that is not public has neither environments nor rules.
    if plan != "free" or found.visibility == "public":
        _environments(draw, found, reviewed=_reviewed(plan, found))
        if found.files:
            _rules(draw, found, plan)
    if _often(draw, 4):
        found.subject_claims = draw(
            st.sampled_from(
                (
                    ["repository_owner_id", "context"],
                    ["repo", "context"],
                    ["repository_id", "context", "job_workflow_ref"],
                )
            )
        )
    if _often(draw, 5):
        found.roles = [
            Role(
                environment=draw(st.sampled_from(("dev", "prod"))),
                tagged=draw(st.booleans()),
                trusts_github=draw(st.booleans()),
            )
        ]
    found.declaration = draw(declarations([found.default_branch, *found.branches]))
    return found


def _branches(draw: Callable[..., Any], found: Repository) -> None:
    for branch, percent in (("main", 25), ("develop", 50), ("feature/x", 20)):
        if branch != found.default_branch and _often(draw, percent):
            found.branches[branch] = {}
    # Git keeps a reference as a file: `a` and `a/b` cannot both be there.
    if _often(draw, 4):
        found.branches[draw(st.sampled_from(("slipway", "slipway/main", "slipway/x/y")))] = {}
    there = (*found.branches, found.default_branch)
    if "develop" not in there and _often(draw, 6):
        found.branches["develop/next"] = {}


def _contents(draw: Callable[..., Any], found: Repository) -> None:
    """Workflow files of slipway's names, and a pull request of a person."""
    file = st.sampled_from(("python-dev.yml", "python-test.yml", "python-prd.yml"))
    if _often(draw, 20):
        found.files[f"{_FOLDER}/{draw(file)}"] = _WORKFLOW
    if "develop" in found.branches and _often(draw, 20):
        found.branches["develop"][f"{_FOLDER}/{draw(file)}"] = f"# develop\n{_WORKFLOW}"
    if "feature/x" in found.branches:
        found.branches["feature/x"]["x.py"] = "x = 1\n"
        if _often(draw, 60):
            found.pulls.append(("feature/x", found.default_branch))


def _reviewed(plan: Plan, found: Repository) -> bool:
    return plan == "enterprise" or found.visibility == "public"


def _environments(draw: Callable[..., Any], found: Repository, *, reviewed: bool) -> None:
    """Environments of the standard's names, and others, with contents of their own."""
    for name in ("dev", "test", draw(st.sampled_from(("prod", "prod", "Prod"))), "staging"):
        if _often(draw, 20):
            found.environments.append(draw(_environment(name, found, reviewed=reviewed)))


@st.composite
def _environment(draw: Callable[..., Any], name: str, found: Repository, *, reviewed: bool) -> Data:
    one: Data = {"name": name}
    kind = draw(st.sampled_from(("any", "any", "branches", "tags", "protected")))
    if kind == "protected":
        one["protected_branches"] = True
    elif kind != "any":
        one[kind] = draw(st.sampled_from(_PATTERNS))
    own = (("LOG_LEVEL",), ("OWN", "X"))
    names = draw(st.sampled_from(((),) * 6 + own * 2 + (("AWS_REGION",),)))
    if names:
        one["variables"] = dict.fromkeys(names, "old")
    if _often(draw, 20):
        one["secrets"] = {"TOKEN": "old"}
    if reviewed and _often(draw, 30):
        one["wait_timer"] = 10
    if reviewed and _often(draw, 30):
        teams = [slug for slug in ("platform",) if slug in found.teams]
        one["reviewers"] = {"users": [OWNER], "teams": teams}
        one["prevent_self_review"] = draw(st.booleans())
        one["can_admins_bypass"] = draw(st.booleans())
    return one


def _rules(draw: Callable[..., Any], found: Repository, plan: Plan) -> None:
    for number in range(draw(st.sampled_from((0, 0, 1, 1, 2)))):
        one = draw(rules.ruleset(f"rules {number}", plan))
        # GitHub has rulesets for pushes in repositories that are not public.
        if one["target"] == "branch" or found.visibility != "public":
            found.rulesets.append(one)
    if plan in {"team", "enterprise"} and _often(draw, 20):
        one = draw(rules.ruleset("rules of all", plan, above=True))
        found.organization_rulesets.append(one)
    if _often(draw, 25):
        branch = draw(st.sampled_from((found.default_branch, *found.branches)))
        some = rules.PROTECTION_OF_USERS if plan == "pro" else rules.PROTECTION
        found.protection[branch] = draw(some)
        if _often(draw, 20):
            found.signed.append(branch)
    if _often(draw, 12):
        found.patterns.append(draw(rules.PATTERNS))
