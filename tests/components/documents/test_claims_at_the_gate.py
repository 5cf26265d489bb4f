"""The sandbox's STS admits the job that deploys, and no token that differs in a compared claim."""

import time
from collections.abc import Iterator
from functools import cache
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from components.model.types import ENVIRONMENTS, EnvironmentName
from sandbox.tokens import Issuer
from tests.components.documents.gate import Claims, Hub, clear, declared, outcome, provision

pytestmark = pytest.mark.gate

#: Trusts, each with the claims that its policies compare in force.
SUBJECT: dict[str, Any] = {}
KEPT: dict[str, Any] = {"claims": "pinned"}
PINNED: dict[str, Any] = {"claims": "pinned", "keep_subject_statement": False}
BOTH: dict[str, Any] = {"subject": "both"}
PINNED_BOTH = PINNED | BOTH
TRUSTS = [SUBJECT, KEPT, PINNED, BOTH, KEPT | BOTH, PINNED_BOTH]
NAMES = ["subject", "kept", "pinned", "both", "kept and both", "pinned and both"]
PULL = "refs/pull/7/merge"
stranger = cache(Issuer)
words = st.text(st.characters(codec="ascii", exclude_categories=["C"]), min_size=1, max_size=9)


@pytest.fixture(autouse=True, scope="module")
def _account() -> Iterator[None]:
    """Forget the account of this module."""
    clear()
    yield
    clear()


@cache
def hub(number: int, *, immutable: bool = False) -> Hub:
    """A GitHub whose repository has one of the trusts; tests do not change it."""
    repository = declared(
        TRUSTS[number],
        deploy={"manual": True, "command": "./deploy"},
        environments={"prod": {"deployment_branches": ["main", "hotfix"]}},
    )
    return Hub(repository, immutable=immutable)


@cache
def opened(
    number: int, environment: EnvironmentName, *, immutable: bool
) -> tuple[str, tuple[Claims, ...]]:
    """A role of its own for this trust, and the claims of the jobs that deploy."""
    there = hub(number, immutable=immutable)
    return provision(there, environment), tuple(there.tokens(environment))


# A strategy takes longer to make than to draw from, so each is made once.
_either = st.booleans()
_ids = st.integers(100, 999).map(str)
_forms = st.sampled_from(["environment", "ref", "pull request"])
_takers = st.sampled_from([("42", "9"), ("41", "10"), ("42", "10"), ("4", "9"), ("041", "9")])
_compared = st.sampled_from(
    ("repository_id", "repository_owner_id", "environment", "ref", "job_workflow_ref")
)


@cache
def _similar(name: str) -> st.SearchStrategy[str]:
    """Names that a careless comparison takes for this one."""
    changed = [
        *(name.upper(), name.title(), f"{name} ", f" {name}", f"{name}2", name[:-1]),
        *(f"{name}/", f"{name}@41", f"{name}%3Aenvironment%3Aprod", f"{name}:x", f"{name}*", "*"),
        *("", f"{name}\n", name.replace("l", "1"), f"{name}%40", f"fork-{name}", "?" * len(name)),
    ]
    return st.one_of(
        st.sampled_from(changed),
        words.map(lambda more: f"{name}{more}"),
        words.map(lambda more: f"{more}{name}"),
    ).filter(lambda other: other != name)


@st.composite
def in_another_repository(draw: st.DrawFn, claims: Claims) -> Claims:
    """The job of a repository with a similar name, in this or a similar owner; it has other ids."""
    owner, _, name = claims["repository"].partition("/")
    if draw(_either):
        name = draw(_similar(name))
    else:
        owner = draw(_similar(owner))
    return _moved(claims, owner, name, draw(_ids), "77")


def _moved(claims: Claims, owner: str, name: str, number: str, owner_number: str) -> Claims:
    """The same job of another repository, consistently in all claims."""
    _, _, context = claims["sub"].partition(":environment:")
    prefix = f"repo:{owner}/{name}"
    if "@" in claims["sub"]:
        prefix = f"repo:{owner}@{owner_number}/{name}@{number}"
    file = claims["job_workflow_ref"].removeprefix(claims["repository"])
    return claims | {
        "sub": f"{prefix}:environment:{context}",
        "repository": f"{owner}/{name}",
        "repository_owner": owner,
        "repository_id": number,
        "repository_owner_id": owner_number,
        "job_workflow_ref": f"{owner}/{name}{file}",
        "workflow_ref": f"{owner}/{name}{file}",
    }


@st.composite
def in_another_environment(draw: st.DrawFn, claims: Claims) -> Claims:
    """The job of another environment, or of none, in the same repository."""
    prefix, _, name = claims["sub"].partition(":environment:")
    others = [one for one in ENVIRONMENTS if one != name]
    other = draw(st.sampled_from(others) | _similar(name))
    form = draw(_forms)
    without = {key: value for key, value in claims.items() if key != "environment"}
    if form == "ref":
        return without | {"sub": f"{prefix}:ref:{claims['ref']}"}
    if form == "pull request":
        return without | {"sub": f"{prefix}:pull_request", "ref": PULL}
    escaped = other.replace(":", "%3A")
    return claims | {"sub": f"{prefix}:environment:{escaped}", "environment": other}


@st.composite
def on_another_ref(draw: st.DrawFn, claims: Claims) -> Claims:
    """The same file on a branch, tag or pull request that the environment does not admit."""
    name = claims["ref"].removeprefix("refs/heads/")
    ref = draw(
        st.sampled_from([PULL, f"refs/tags/{name}", "", claims["sha"], "refs/heads/develop2"])
        | _similar(name).map(lambda other: f"refs/heads/{other}")
    )
    file = claims["job_workflow_ref"].partition("@")[0]
    return claims | {"ref": ref, "job_workflow_ref": f"{file}@{ref}"}


@st.composite
def in_another_file(draw: st.DrawFn, claims: Claims) -> Claims:
    """A job of another workflow file that names the environment, on an admitted ref."""
    path, _, ref = claims["job_workflow_ref"].partition("@")
    folder, _, file = path.rpartition("/")
    other = draw(
        _similar(file).map(lambda one: f"{folder}/{one}")
        | st.just(f"acme/central/.github/workflows/{file}")
    )
    return claims | {"job_workflow_ref": f"{other}@{ref}"}


@st.composite
def of_a_taken_name(draw: st.DrawFn, claims: Claims) -> Claims:
    """A repository that took the name, so that only its ids are others."""
    owner, _, name = claims["repository"].partition("/")
    number, owner_number = draw(_takers)
    return _moved(claims, owner, name, number, owner_number)


@st.composite
def without_a_claim(draw: st.DrawFn, claims: Claims) -> Claims:
    """A token that lacks a compared claim."""
    lacking = draw(_compared)
    return {key: value for key, value in claims.items() if key != lacking}


#: Tokens of other jobs by kind; whether subject and audience alone refuse them, in both forms.
FOREIGN = {
    "another repository": (in_another_repository, True),
    "another environment": (in_another_environment, True),
    "another ref": (on_another_ref, False),
    "another file": (in_another_file, False),
    "a taken name": (of_a_taken_name, None),
    "a claim is absent": (without_a_claim, False),
}
places = st.tuples(st.sampled_from(ENVIRONMENTS), st.booleans())


@pytest.mark.parametrize("environment", ENVIRONMENTS)
@pytest.mark.parametrize("immutable", [False, True], ids=["classic", "immutable"])
@pytest.mark.parametrize("number", range(len(TRUSTS)), ids=NAMES)
def test_each_job_that_deploys_gets_its_role(
    number: int, environment: EnvironmentName, *, immutable: bool
) -> None:
    """Pushes, runs after a test and runs by hand get their role, and no other environment's."""
    role, tokens = opened(number, environment, immutable=immutable)
    assert len(tokens) == (3 if environment == "prod" else 2)
    for claims in tokens:
        assert outcome(role, claims) == "admitted"
    for other in ENVIRONMENTS:
        if other != environment:
            _, others = opened(number, other, immutable=immutable)
            assert {outcome(role, claims) for claims in others} == {"AccessDenied"}


@pytest.mark.parametrize("kind", FOREIGN)
@pytest.mark.parametrize("number", range(len(TRUSTS)), ids=NAMES)
@settings(max_examples=40)
@given(place=places, data=st.data())
def test_no_other_job_gets_the_role(
    number: int, kind: str, place: tuple[EnvironmentName, bool], data: st.DataObject
) -> None:
    """What a policy compares, a token must have exactly.

    While a statement compares audience and subject alone, it admits another ref and another file,
    and, without ids in the subject, a repository that took the name: as documented.
    """
    environment, immutable = place
    role, tokens = opened(number, environment, immutable=immutable)
    made, refused_by_subject = FOREIGN[kind]
    claims = data.draw(made(data.draw(st.sampled_from(tokens))))
    if refused_by_subject is None:
        refused_by_subject = immutable
    pinned_alone = TRUSTS[number].get("keep_subject_statement") is False
    expected = "AccessDenied" if refused_by_subject or pinned_alone else "admitted"
    assert outcome(role, claims) == expected, claims


@pytest.mark.parametrize("number", range(len(TRUSTS)), ids=NAMES)
@settings(max_examples=20)
@given(place=places, wrong=st.sampled_from(["audience", "expired", "early", "signature", "issuer"]))
def test_a_token_must_be_good(number: int, place: tuple[EnvironmentName, bool], wrong: str) -> None:
    """The rightful claims with another audience, time, signature or issuer are refused."""
    environment, immutable = place
    role, tokens = opened(number, environment, immutable=immutable)
    now, claims = int(time.time()), tokens[0]
    bad: dict[str, Claims] = {
        "audience": {"aud": "sts.amazonaws.com.cn"},
        "expired": {"exp": now - 1},
        "early": {"nbf": now + 60},
        "signature": {},
        "issuer": {"iss": "https://token.actions.githubusercontent.com/acme"},
    }
    signer = stranger() if wrong == "signature" else None
    code = "ExpiredTokenException" if wrong == "expired" else "InvalidIdentityToken"
    assert outcome(role, claims | bad[wrong], signer) == code


@pytest.mark.parametrize("environment", ENVIRONMENTS)
@pytest.mark.parametrize("trust", [BOTH, KEPT | BOTH, PINNED_BOTH])
def test_a_window_admits_both_forms(environment: EnvironmentName, trust: dict[str, Any]) -> None:
    """With `both`, jobs get their role before and after GitHub starts to send ids."""
    there = Hub(declared(trust))
    role = provision(there, environment)
    before = list(there.tokens(environment))
    there.opt_in()
    after = list(there.tokens(environment))
    assert [one["sub"] for one in before] != [one["sub"] for one in after]
    for claims in [*before, *after]:
        assert outcome(role, claims) == "admitted"
    # Afterwards the window is closed: the name alone opens nothing any more.
    role = provision(there, environment, declared({**trust, "subject": "auto"}))
    assert {outcome(role, claims) for claims in after} == {"admitted"}
    assert {outcome(role, claims) for claims in before} == {"AccessDenied"}


@pytest.mark.parametrize("environment", ENVIRONMENTS)
@pytest.mark.parametrize("trust", [SUBJECT, KEPT, PINNED, PINNED_BOTH])
@pytest.mark.parametrize(
    ("next_name", "owner", "name"),
    [("invoices", "acme", "invoices"), ("initech@77/billing", "initech", "billing")],
    ids=["rename", "transfer"],
)
def test_a_window_admits_the_repository_after_its_move(
    environment: EnvironmentName, trust: dict[str, Any], next_name: str, owner: str, name: str
) -> None:
    """With `next_name`, jobs get their role before and after a rename or transfer.

    Another repository that has the next name already, or takes it, does not.
    """
    there = Hub(declared(trust, next_name=next_name))
    role = provision(there, environment)
    before = list(there.tokens(environment))
    there.move(owner, name)
    after = list(there.tokens(environment))
    assert {one["repository"] for one in after} == {f"{owner}/{name}"}
    for claims in [*before, *after]:
        assert outcome(role, claims) == "admitted"
    for claims in after:
        for number in ("42", "411"):
            taken = _moved(claims, owner, name, number, claims["repository_owner_id"])
            assert outcome(role, taken) == "AccessDenied"
        bare = claims | {"sub": f"repo:{owner}/{name}:environment:{environment}"}
        assert outcome(role, bare) == "AccessDenied"
    without = provision(Hub(declared(trust)), environment)
    assert {outcome(without, claims) for claims in after} == {"AccessDenied"}
