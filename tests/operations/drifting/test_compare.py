import json
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from components.documents.trust import subject
from operations.drifting.compare import compare
from operations.drifting.finding import Direction, Repair
from operations.drifting.given import Given
from operations.observer.observed import Observed, ObservedWorkflow
from tests.operations.drifting import worlds
from tests.operations.drifting.cases import (
    CASES,
    WRITTEN,
    Case,
    like,
    prod,
    role,
    trusting,
    workflow,
)


def test_what_is_as_declared_has_no_finding() -> None:
    """Right after an `up` nothing differs, and case of logins and names is no difference."""
    declared = worlds.stack()
    assert list(compare(declared, worlds.as_declared(declared), WRITTEN)) == []


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_a_change_is_named_with_its_direction_and_remedy(case: Case) -> None:
    """The first finding names the object, the field and both values, and which way it goes."""
    declared = worlds.stack()
    found = list(compare(declared, case.change(worlds.as_declared(declared)), WRITTEN))
    first = found[0]
    assert f"{first.object} | {first.field} | {first.declared} | {first.live}" == case.said
    assert (first.direction.value, first.repair.value) == (case.direction, case.repair)
    assert len(found) == (3 if "older form" in str(first) or first.rule == "role/subject" else 1)


def test_the_key_of_a_bucket_is_compared_with_its_condition() -> None:
    """Without the condition it opens more than packages; without the right nothing is uploaded."""
    key = "arn:aws:kms:eu-west-1:333333333333:key/1234abcd"
    declared = worlds.stack(artifacts={"s3_bucket": "acme-packages", "kms_key": {"prod": key}})
    world = worlds.as_declared(declared)
    assert list(compare(declared, world, WRITTEN)) == []
    (made,) = world.accounts["333333333333"].roles.values()
    *others, use = made.inline_policies["deploy"]["Statement"]
    assert use["Resource"] == key
    open_ = {name: value for name, value in use.items() if name != "Condition"}
    for statements, direction in (([*others, open_], "weaker"), (others, "stronger")):
        policies = {"deploy": {"Version": "2012-10-17", "Statement": statements}}
        changed = worlds.with_role(world, "333333333333", inline_policies=policies)
        (found,) = compare(declared, changed, WRITTEN)
        assert (found.rule, found.direction.value) == ("role/inline_policy", direction)


@pytest.mark.parametrize(
    ("branches", "default", "direction"),
    [
        (["main", "release/*"], "release/1", "weaker"),
        (["main", "develop"], "develop", None),
        (["*"], "main", None),
        (["main"], "develop", "stronger"),
    ],
)
def test_a_default_branch_is_prods_by_its_name(
    branches: list[str], default: str, direction: str | None
) -> None:
    """A pattern admits many branches: that this one is the default now was nobody's wish."""
    declared = worlds.stack(environments={"prod": {"deployment_branches": branches}})
    world = worlds.as_declared(declared)
    live = world.repositories["billing"]
    assert live is not None
    files = {**live.workflows, default: live.workflows["main"]}
    changed = worlds.with_repository(world, default_branch=default, workflows=files)
    found = [one for one in compare(declared, changed) if one.rule == "repository/default_branch"]
    assert [(one.live, one.direction.value) for one in found] == (
        [(default, direction)] if direction else []
    )


@pytest.mark.parametrize(
    ("before", "public", "told"),
    [
        ("private", True, True),
        ("internal", True, True),
        ("public", True, False),
        (None, True, False),
        ("private", False, False),
    ],
)
def test_a_repository_that_was_made_public_is_told(
    before: str | None, *, public: bool, told: bool
) -> None:
    """One that was public at the last `up` is meant to be; of an unknown one nobody can say."""
    declared = worlds.stack()
    world = worlds.with_repository(worlds.as_declared(declared), public=public)
    given = Given(visibility={"billing": before} if before else {})
    found = list(compare(declared, world, WRITTEN, given=given))
    assert [(one.rule, one.declared, one.direction.value, one.repair.value) for one in found] == (
        [("repository/visibility", str(before), "weaker", "by hand")] if told else []
    )


@pytest.mark.parametrize(
    ("before", "now", "said"),
    [
        ({"protected", "update"}, {"protected"}, "protected, update -> protected"),
        ({"protected"}, set(), "protected -> "),
        ({"protected"}, {"protected", "update"}, None),
        (set(), set(), None),
        (None, set(), None),
    ],
    ids=["a rule is gone", "all is gone", "more", "never protected", "not known"],
)
@pytest.mark.parametrize("unmanaged", [(), ("ma*",)], ids=["slipway's", "unmanaged"])
def test_a_branch_that_is_less_protected_is_told(
    before: set[str] | None, now: set[str], said: str | None, unmanaged: tuple[str, ...]
) -> None:
    """Who pushes to it deploys to prod. One that was open at the last `up` is meant to be."""
    declared = worlds.stack(unmanaged={"branch_protection": unmanaged})
    world = worlds.with_repository(
        worlds.as_declared(declared), protection={"main": frozenset(now)}
    )
    known = {} if before is None else {("billing", "main"): frozenset(before)}
    found = list(compare(declared, world, WRITTEN, given=Given(protection=known)))
    assert [
        (one.rule, one.object, f"{one.declared} -> {one.live}", one.direction, one.repair)
        for one in found
    ] == (
        [("branch/protection", "branch main", said, Direction.WEAKER, Repair.HAND)]
        if said and not unmanaged
        else []
    )


def test_a_branch_that_is_gone_is_not_less_protected() -> None:
    """That it is missing is said by its own rule."""
    declared = worlds.stack()
    given = Given(protection={("billing", "main"): frozenset({"protected"})})
    assert list(compare(declared, worlds.as_declared(declared), WRITTEN, given=given)) == []


def test_a_repository_without_a_commit_has_no_default_branch() -> None:
    """GitHub has not told one: nothing can have been changed."""
    declared = worlds.stack()
    world = worlds.as_declared(declared)
    world = worlds.with_repository(world, workflows={}, default_branch="master")
    rules = {one.rule for one in compare(declared, world)}
    assert "repository/default_branch" not in rules


def test_an_edited_workflow_is_weaker_and_its_lost_name_is_said() -> None:
    """What runs with the role is not what was declared; prod no longer follows the test run."""
    declared = worlds.stack()
    world = worlds.as_declared(declared)
    live = world.repositories["billing"]
    assert live is not None
    text = str(live.workflows["main"]["python-test.yml"].text)
    edited = text.replace("name: python-test", "name: tests", 1)
    changed = worlds.with_workflow(
        world, "main", "python-test.yml", ObservedWorkflow("f" * 40, edited)
    )
    content, name = compare(declared, changed)
    assert (content.field, content.direction.value) == ("content", "weaker")
    assert content.live == "blob ffffffffffff (+1 -1 lines)"
    assert (name.field, name.declared, name.live) == ("name", "python-test", "tests")


def test_a_missing_branch_is_said_once() -> None:
    """Where the branch is gone its files are not reported one by one."""
    declared = worlds.stack()
    world = worlds.as_declared(declared)
    live = world.repositories["billing"]
    assert live is not None
    only_main = worlds.with_repository(world, workflows={"main": live.workflows["main"]})
    (found,) = compare(declared, only_main)
    assert (found.object, found.rule) == ("branch develop", "branch/missing")


def test_a_missing_repository_is_all_that_is_said() -> None:
    """Nothing can be said of what is in a repository that is not there."""
    declared = worlds.stack()
    world = worlds.as_declared(declared)
    gone = Observed({"billing": None}, world.accounts)
    (found,) = compare(declared, gone)
    assert (found.object, found.rule) == ("repository", "repository/missing")


def test_what_others_manage_is_no_drift() -> None:
    """`unmanaged` names environments, workflows, variables and secrets that are not reported."""
    declared = worlds.stack(
        unmanaged={
            "environments": ["staging", "review-*"],
            "workflows": ["deploy.yml"],
            "variables": ["SENTRY_*"],
            "secrets": ["sentry_dsn"],
        }
    )
    world = worlds.as_declared(declared)
    world = worlds.with_repository(world, other_environments=("staging", "Review-12"))
    world = workflow("main", "deploy.yml", worlds.FOREIGN % "prod")(world)
    live = world.repositories["billing"]
    assert live is not None
    prod_now = live.environments["prod"]
    world = worlds.with_environment(
        world,
        "prod",
        variables={**prod_now.variables, "SENTRY_URL": "x"},
        secrets={**prod_now.secrets, "SENTRY_DSN": worlds.WRITTEN},
    )
    assert list(compare(declared, world, WRITTEN)) == []
    strict = compare(worlds.stack(), world, WRITTEN)
    assert len(list(strict)) == 4
    way_to_prod = (worlds.FOREIGN % "prod").replace("name: other", "name: python-test")
    named = workflow("main", "deploy.yml", way_to_prod)(world)
    (found,) = compare(declared, named, WRITTEN)
    assert (found.object, found.rule) == ("deploy.yml on main", "workflow/same_name")


def test_without_reviewers_no_word_on_self_review() -> None:
    """GitHub has no place for it without reviewers, so it is no second finding."""
    declared = worlds.stack()
    change = prod(users=frozenset(), teams=frozenset(), prevent_self_review=False)
    (found,) = compare(declared, change(worlds.as_declared(declared)))
    assert found.field == "reviewers"


def test_a_trust_with_more_subjects_is_told_by_these() -> None:
    """What all statements say, the provider and the audience, is left out: a cut line would end."""
    declared = worlds.stack()
    prod_, dev = (subject(worlds.PREFIX, name) for name in ("prod", "dev"))
    key = "StringEquals token.actions.githubusercontent.com:sub"
    for subjects, told in {
        (prod_, dev): ("", f"{key} {dev}"),
        (dev, "repo:o/x:ref"): (f"{key} {prod_}", f"{key} {dev}; {key} repo:o/x:ref"),
    }.items():
        (found,) = compare(declared, role(trust=trusting(*subjects))(worlds.as_declared(declared)))
        assert (found.declared, found.live) == told
        assert found.direction.value == "weaker"


def test_subjects_of_another_job_are_no_older_form() -> None:
    """A trust that admits another environment's job is weaker, however alike it looks."""
    declared = worlds.stack()
    change = role(trust=trusting(subject(worlds.PREFIX, "dev")))
    (found,) = compare(declared, change(worlds.as_declared(declared)))
    assert (found.rule, found.direction.value) == ("role/trust", "weaker")


def test_a_missing_secret_of_somebody_else_is_theirs_to_write() -> None:
    """`up` never writes an external secret, so it is no remedy."""
    declared = worlds.stack(environments={"prod": {"secrets": {"TOKEN": "external"}}})
    world = worlds.with_environment(worlds.as_declared(declared), "prod", secrets={})
    (found,) = compare(declared, world)
    assert (found.rule, found.repair.value) == ("secret/missing_external", "by hand")


def test_tags_of_aws_itself_are_no_drift() -> None:
    """AWS adds tags whose names begin with aws:; nobody can take them off."""
    declared = worlds.stack()
    world = worlds.as_declared(declared)
    ((_, made),) = world.accounts["333333333333"].roles.items()
    tagged = role(tags={**made.tags, "aws:cloudformation:stack-name": "x"})
    assert list(compare(declared, tagged(world))) == []
    (found,) = compare(declared, role(tags={**made.tags, "team": "x"})(world))
    assert found.rule == "role/tags"


EARLY, LATE = (datetime(2026, month, 1, tzinfo=UTC) for month in (8, 9))


@pytest.mark.parametrize(
    ("trusted", "made", "role_made", "rule"),
    [
        ("repo:acme@1/billing@6", EARLY, EARLY, "role/other_repository"),
        ("repo:acme@2/billing@7", EARLY, EARLY, "role/other_repository"),
        ("repo:acme/billing", LATE, EARLY, "role/other_repository"),
        ("repo:acme/billing", EARLY, LATE, "role/subject"),
        ("repo:acme/billing", None, None, "role/subject"),
    ],
)
def test_a_name_that_another_repository_took_is_found_out(
    trusted: str, made: datetime | None, role_made: datetime | None, rule: str
) -> None:
    """Its id is another one; or it is younger than the role that trusts the name alone."""
    declared = worlds.stack()
    world = worlds.with_repository(
        worlds.as_declared(declared), subject_prefix="repo:acme@1/billing@7", created=made
    )
    (found,) = [
        one
        for one in compare(
            declared,
            role(trust=trusting(subject(trusted, "prod")), created=role_made)(world),
        )
        if one.object.endswith("-prod")
    ]
    direction = "weaker" if rule == "role/other_repository" else "neutral"
    assert (found.rule, found.direction.value) == (rule, direction)


def test_an_older_subject_with_less_conditions_is_weaker() -> None:
    """Only a trust of slipway's own shape is the same job under another name."""
    declared = worlds.stack()
    world = worlds.with_repository(
        worlds.as_declared(declared), subject_prefix="repo:acme@1/billing@7"
    )
    old = trusting(subject(worlds.PREFIX, "prod"))
    (statement,) = old["Statement"]
    condition = statement["Condition"]["StringEquals"]
    wider = {k: v for k, v in condition.items() if not k.endswith(":aud")}
    document = {**old, "Statement": [{**statement, "Condition": {"StringEquals": wider}}]}
    rules = [found.rule for found in compare(declared, role(trust=document)(world))]
    assert rules == ["role/subject", "role/subject", "role/trust"]


def test_environments_without_number_are_counted() -> None:
    """Review apps come by the thousand: a few are named."""
    declared = worlds.stack()
    many = tuple(f"review-{number}" for number in range(1, 10))
    world = worlds.with_repository(worlds.as_declared(declared), other_environments=many)
    (found,) = compare(declared, world)
    assert found.live == "review-1, review-2, review-3, review-4, review-5 and 4 more"


def test_a_workflow_of_our_name_that_runs_where_it_is_not_placed_is_told() -> None:
    """On `develop` an edited python-prd.yml may run with the role of dev; an old copy does not."""
    declared = worlds.stack()
    world = worlds.as_declared(declared)
    live = world.repositories["billing"]
    assert live is not None
    old = str(live.workflows["main"]["python-prd.yml"].text) + "# older\n"
    assert list(compare(declared, workflow("develop", "python-prd.yml", old)(world))) == []
    edited = worlds.FOREIGN % "dev"
    (found,) = compare(declared, workflow("develop", "python-prd.yml", edited)(world))
    assert (found.object, found.rule) == ("python-prd.yml on develop", "workflow/uses_environment")
    assert (found.live, found.direction.value) == ("dev", "weaker")


@pytest.mark.parametrize(
    ("text", "told"),
    [("name: python-test\njobs: [", True), (None, True), ("jobs: [", False)],
)
def test_what_is_unmanaged_and_cannot_be_read_hides_no_way_to_prod(
    text: str | None, *, told: bool
) -> None:
    """GitHub may read what this parser does not; a text without the name cannot have it."""
    declared = worlds.stack(unmanaged={"workflows": ["legacy.yml"]})
    there = ObservedWorkflow("0" * 40, text)
    world = worlds.with_workflow(worlds.as_declared(declared), "main", "legacy.yml", there)
    rules = [(found.rule, found.live) for found in compare(declared, world)]
    wanted = ("workflow/same_name", "cannot be read: may be python-test")
    assert rules == ([wanted] if told else [])


@pytest.mark.parametrize(
    ("trusted", "prefix", "direction"),
    [
        ("repo:acme/billing", "repo:acme@1/invoices@7", "weaker"),
        ("repo:acme@1/billing@7", "repo:acme@1/invoices@7", "neutral"),
        ("repo:acme/billing", "repo:acme/invoices", "weaker"),
        ("repo:acme@1/billing@9", "repo:acme/invoices", "weaker"),
    ],
)
def test_a_former_name_is_free_for_anybody(trusted: str, prefix: str, direction: str) -> None:
    """Who makes a repository of that name would come in, unless the subject has the id as well."""
    declared = worlds.stack(repository="invoices", previously="billing")
    world = worlds.as_declared(worlds.stack())
    live = world.repositories["billing"]
    assert live is not None
    renamed = replace(live, subject_prefix=prefix, full_name="acme/invoices")
    ((_, made),) = world.accounts["333333333333"].roles.items()
    trust = trusting(subject(trusted, "prod"))
    roles = {"acme.invoices-prod": replace(made, name="acme.invoices-prod", trust=trust)}
    world = worlds.with_account(world, "333333333333", roles=roles)
    found = compare(declared, replace(world, repositories={"invoices": renamed}))
    (told,) = [one for one in found if one.rule == "role/subject"]
    assert told.direction.value == direction


def test_a_copy_of_our_file_under_another_name_is_told() -> None:
    """Its text is not read again, being ours, and yet it deploys once more."""
    declared = worlds.stack()
    world = worlds.as_declared(declared)
    live = world.repositories["billing"]
    assert live is not None
    copied = ObservedWorkflow(live.workflows["develop"]["python-dev.yml"].blob, None)
    (found,) = compare(declared, worlds.with_workflow(world, "develop", "copy.yml", copied))
    assert (found.object, found.live) == ("copy.yml on develop", "dev")


@pytest.mark.parametrize("text", ["jobs: [", None])
def test_a_workflow_that_cannot_be_read_may_use_any_environment(text: str | None) -> None:
    """Of a broken, binary or very large file nobody can say that it is harmless."""
    declared = worlds.stack()
    there = ObservedWorkflow("0" * 40, text)
    changed = worlds.with_workflow(worlds.as_declared(declared), "main", "odd.yml", there)
    (found,) = compare(declared, changed)
    assert (found.rule, found.live) == (
        "workflow/uses_environment",
        "cannot be read: may use any of them",
    )


@pytest.mark.parametrize(
    ("full_name", "prefix", "trusted", "rule", "direction"),
    [
        ("acme/invoices", "repo:acme/invoices", "repo:acme/billing", "renamed", "weaker"),
        ("acme/invoices", "repo:acme@1/invoices@7", "repo:acme/billing", "renamed", "weaker"),
        (
            "acme/invoices",
            "repo:acme@1/invoices@7",
            "repo:acme@1/billing@7",
            "renamed",
            "neutral",
        ),
        ("other/billing", "repo:other/billing", "repo:acme/billing", "transferred", "weaker"),
    ],
)
def test_another_name_or_owner_is_one_finding(
    full_name: str, prefix: str, trusted: str, rule: str, direction: str
) -> None:
    """Its three roles trust the former name: that is the same thing, and `up` repairs none."""
    declared = worlds.stack()
    world = worlds.as_declared(declared)
    for number, name in (("1", "dev"), ("2", "test"), ("3", "prod")):
        trust = trusting(subject(trusted, name))
        ((key, made),) = world.accounts[number * 12].roles.items()
        text = json.dumps(trust).replace("333333333333", number * 12)
        roles = {key: replace(made, trust=json.loads(text))}
        world = worlds.with_account(world, number * 12, roles=roles)
    world = worlds.with_repository(world, full_name=full_name, subject_prefix=prefix)
    (found,) = compare(declared, world)
    assert (found.rule, found.direction.value) == (f"repository/{rule}", direction)
    assert found.repair is Repair.HAND


def test_an_old_name_with_the_id_of_another_repository_is_told_besides() -> None:
    """The role is not this repository's at all."""
    declared = worlds.stack()
    world = worlds.with_repository(
        worlds.as_declared(declared),
        full_name="acme/invoices",
        subject_prefix="repo:acme@1/invoices@7",
    )
    trust = trusting(subject("repo:acme@1/billing@9", "prod"))
    rules = {one.rule for one in compare(declared, role(trust=trust)(world))}
    assert "role/trust" in rules


@pytest.mark.parametrize("live", ["repo:acme/billing:*", "repo:acme/*"])
def test_one_subject_in_the_place_of_a_pattern_is_stronger(live: str) -> None:
    """Also where GitHub sends ids, which the pattern is older than; what changes is in words."""
    declared = worlds.stack()
    world = worlds.with_repository(
        worlds.as_declared(declared), subject_prefix="repo:acme@1/billing@7"
    )
    (found,) = [
        one for one in compare(declared, role(trust=like(live))(world)) if "-prod" in one.object
    ]
    assert (found.rule, found.direction.value, found.repaired.value) == (
        "role/trust",
        "weaker",
        "stronger",
    )
    wanted = subject("repo:acme@1/billing@7", "prod")
    assert found.declared == f"{wanted} alone, with the ids that GitHub sends"
    assert live in found.live


@pytest.mark.parametrize("live", ["repo:acme/other:*", "repo:acme/billing:environment:d*"])
def test_a_pattern_that_has_never_meant_the_job_goes_both_ways(live: str) -> None:
    """Ids are all that may be missing; a younger repository of the name was never meant."""
    declared = worlds.stack()
    world = worlds.with_repository(
        worlds.as_declared(declared), subject_prefix="repo:acme@1/billing@7"
    )
    for pattern, changed in (
        (live, world),
        ("repo:acme/billing:*", worlds.with_repository(world, created=LATE)),
    ):
        trust = role(trust=like(pattern), created=EARLY)
        found = [one for one in compare(declared, trust(changed)) if one.rule == "role/trust"]
        assert [one.repaired.value for one in found] == ["weaker"]


def test_other_line_endings_are_called_so() -> None:
    """No line came or went, and yet the file is another one."""
    declared = worlds.stack()
    world = worlds.as_declared(declared)
    live = world.repositories["billing"]
    assert live is not None
    text = str(live.workflows["main"]["python-test.yml"].text)
    theirs = ObservedWorkflow("f" * 40, text.replace("\n", "\r\n"))
    (found,) = compare(declared, worlds.with_workflow(world, "main", "python-test.yml", theirs))
    assert found.live == "blob ffffffffffff (only line endings differ)"
