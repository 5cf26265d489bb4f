"""Strategies of declarations: a repository's file, with the keys that its facts can contradict."""

from collections.abc import Callable
from typing import Any, Final

from hypothesis import strategies as st

from tests.e2e.worlds.facts import Data
from tests.e2e.worlds.people import MEMBER, OUTSIDER, OWNER

#: The environment variable that a declared secret's value is read from.
SECRET_VARIABLE: Final = "WORLDS_TOKEN"
_REVIEWERS: Final = st.sampled_from(
    (
        {"teams": ["platform"]},
        {"teams": ["readers"]},
        {"teams": ["ghosts"]},
        {"users": [OWNER]},
        {"users": [MEMBER]},
        {"users": [OUTSIDER]},
        {"users": ["nobody-there"]},
        {"users": [MEMBER], "teams": ["platform"]},
    )
)
_SECRETS: Final = st.sampled_from(
    ({"TOKEN": {"env": SECRET_VARIABLE}}, {"TOKEN": "external"}, {"OTHER": {"env": "WORLDS_TOKEN"}})
)
_DEPLOY: Final = st.sampled_from(
    ("none", {"lambda_function": "{repository}-{environment}"}, {"command": "./deploy.sh"})
)


def _seldom(draw: Callable[..., Any], percent: int) -> bool:
    return bool(draw(st.sampled_from((True,) * percent + (False,) * (100 - percent))))


@st.composite
def declarations(draw: Callable[..., Any], branches: list[str]) -> Data:
    """A file without its key `repository`; `branches` exist, the default one first."""
    found: Data = {}
    if _seldom(draw, 30):
        found["branches"] = draw(_branches(branches))
    if _seldom(draw, 40):
        found["delivery"] = draw(st.sampled_from(("auto", "direct", "pull_request")))
    if _seldom(draw, 25):
        found["deploy"] = draw(_DEPLOY)
    environments = {
        name: "none" if _seldom(draw, 8) else draw(_environment(branches))
        for name, percent in (("dev", 25), ("test", 25), ("prod", 60))
        if _seldom(draw, percent)
    }
    if environments:
        found["environments"] = environments
    return found


def _branches(branches: list[str]) -> st.SearchStrategy[Data]:
    default = branches[0]
    both = {"test": default, "prod": default}
    other = st.sampled_from((*branches, *branches, "develop", "develop", "missing", "main/next"))
    return st.one_of(
        st.just(both),
        st.builds(lambda dev: {"dev": dev}, other),
        st.builds(lambda dev: {"dev": dev} | both, other),
        st.builds(lambda one: {"test": one, "prod": one}, other),
    )


@st.composite
def _environment(draw: Callable[..., Any], branches: list[str]) -> Data:
    admitting = [*dict.fromkeys(("main", branches[0], "develop"))]
    words: dict[str, st.SearchStrategy[Any]] = {
        "variables": st.sampled_from(({"LOG_LEVEL": "debug"}, {"Own": "new"}, {"REGION": "x"})),
        "secrets": _SECRETS,
        "reviewers": _REVIEWERS,
        "wait_minutes": st.sampled_from((0, 5)),
        "prevent_self_review": st.booleans(),
        "admin_bypass": st.booleans(),
        "deployment_branches": st.sampled_from(
            (admitting, admitting, ["*"], ["**/*", "*"], [branches[0], "v1"], ["release/*"])
        ),
        "deployment_tags": st.just(["v*"]),
        "exclusive": st.sampled_from((True,)),
        "role": st.sampled_from(
            (
                {"name": "another-name"},
                {"managed_policies": ["arn:aws:iam::aws:policy/ReadOnlyAccess"]},
            )
        ),
        "trust": st.sampled_from(
            (
                {"claims": "pinned"},
                {"claims": "pinned", "keep_subject_statement": False},
                {"subject": "both"},
                {"subject": "immutable"},
            )
        ),
    }
    chosen = draw(st.lists(st.sampled_from([*words]), min_size=1, max_size=2, unique=True))
    return {word: draw(words[word]) for word in chosen}
