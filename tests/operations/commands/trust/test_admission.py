"""Which id-tokens roles admit: what is sent, declared and live, and what can be dropped."""

import io
import json
from dataclasses import replace
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from rich.console import Console

from components.model.stack import Stack
from operations.commands.trust.admission import Admission, admissions
from operations.commands.trust.as_json import as_json
from operations.commands.trust.as_text import print_admissions
from operations.live.observed import Observed
from operations.terminal.output import PROJECT
from tests.operations.diff import worlds
from tests.operations.diff.cases import like, trusting
from tests.operations.diff.test_trusts import (
    CLASSIC,
    IMMUTABLE,
    KEPT,
    PINNED,
    PROD,
    SUBJECT,
    declared,
    trust_of,
)


def prod(stack: Stack, world: Observed) -> Admission:
    """The trust of prod's role."""
    (found,) = [one for one in admissions(stack, world) if one.environment == "prod"]
    return found


def found(
    trust: dict[str, Any], live: dict[str, Any] | None = None, prefix: str = CLASSIC
) -> Admission:
    """The trust of prod's role, as declared or with another policy in AWS."""
    stack = declared(trust)
    world = worlds.as_declared(stack, subject_prefix=prefix)
    return prod(stack, worlds.with_role(world, PROD, trust=live) if live else world)


@pytest.mark.parametrize("trust", [SUBJECT, KEPT, PINNED, {"subject": "both"}])
@pytest.mark.parametrize("prefix", [CLASSIC, IMMUTABLE])
def test_a_role_as_declared_admits_its_deployments(trust: dict[str, Any], prefix: str) -> None:
    """What GitHub sends now is admitted, and live and declared are equal."""
    one = found(trust, prefix=prefix)
    assert one.admits is True
    assert (one.live, one.unread) == (one.declared, "")
    assert one.sent == {
        f"{prefix}:environment:prod": "classic" if prefix == CLASSIC else "immutable"
    }


@pytest.mark.parametrize(
    ("live", "admits"),
    [
        (trust_of(SUBJECT, CLASSIC), False),
        (trust_of({"subject": "both"}, IMMUTABLE), True),
        (json.loads(json.dumps(trust_of(PINNED, IMMUTABLE)).replace("main", "trunk")), False),
        (json.loads(json.dumps(trust_of(KEPT, IMMUTABLE)).replace("main", "trunk")), True),
        (trusting("repo:acme/former:environment:prod"), False),
        (like("repo:acme/billing:*"), None),
    ],
)
def test_whether_the_live_role_admits_what_github_sends(
    live: dict[str, Any],
    admits: bool | None,  # noqa: FBT001 - a table
) -> None:
    """One statement must admit each deploying job; another shape than slipway's is not judged."""
    assert found(SUBJECT, live, IMMUTABLE).admits is admits


@pytest.mark.parametrize(
    ("live", "fits"),
    [
        (trust_of(SUBJECT), None),
        (trust_of(KEPT), True),
        (trust_of(PINNED), True),
        (json.loads(json.dumps(trust_of(KEPT)).replace("main", "trunk")), False),
    ],
)
def test_whether_the_pinned_statement_alone_fits(
    live: dict[str, Any],
    fits: bool | None,  # noqa: FBT001 - a table
) -> None:
    """The old statement is called droppable only if the pinned one fits what is known."""
    one = found(KEPT, live)
    assert (one.admits, one.pinned_admits) == (True, fits)
    assert bool(one.droppable) is bool(fits)


def test_what_can_be_dropped() -> None:
    """The old statement once the pinned one is live; the form without ids once ids are sent."""
    assert found(SUBJECT).droppable == found(PINNED).droppable == ()
    assert found(KEPT, trust_of(SUBJECT)).droppable == ()
    what = (
        "the statement that compares the subject alone, once `slipway explain --token` says that "
        "the pinned one admits a deployment"
    )
    assert found(KEPT).droppable == ((what, "trust.keep_subject_statement: false"),)
    both = {"subject": "both"}
    assert found(both).droppable == ()
    what = f"the form without ids ({CLASSIC}:environment:prod)"
    assert found(both, prefix=IMMUTABLE).droppable == ((what, "trust.subject: auto"),)
    assert found({"subject": "classic"}, prefix=IMMUTABLE).droppable == ()


def test_a_template_has_a_form_of_its_own() -> None:
    """Of a template without the repository's name, both forms are one subject."""
    stack = declared({"subject": "both"}, next_name="invoices")
    file = "acme/%s/.github/workflows/python-prd.yml@refs/heads/main"
    template = ("repository_id", "context", "job_workflow_ref")
    one = prod(stack, worlds.as_declared(stack, subject_claims=template))
    now, later = (
        f"repository_id:7:environment:prod:job_workflow_ref:{file % name}"
        for name in ("billing", "invoices")
    )
    assert one.sent == {now: "template"}
    assert [admitted.forms for admitted in one.declared] == [{now: "template", later: "next"}]


def test_each_subject_that_can_be_dropped_is_named() -> None:
    """A template with the ref has a subject for each branch."""
    trust = {"trust": {"subject": "both"}, "deployment_branches": ["main", "hotfix"]}
    stack = worlds.stack(environments={"prod": trust})
    template = ("repo", "context", "ref")
    world = worlds.as_declared(stack, subject_claims=template, subject_prefix=IMMUTABLE)
    main, hotfix = (
        f"{CLASSIC}:environment:prod:ref:refs/heads/{branch}" for branch in ("main", "hotfix")
    )
    what = f"the form without ids ({main}, {hotfix})"
    assert prod(stack, world).droppable == ((what, "trust.subject: auto"),)


def test_a_subject_after_a_move_is_named() -> None:
    """The declared next name is a form of its own, and no remainder that can be dropped."""
    stack = declared(SUBJECT, next_name="invoices")
    one = prod(stack, worlds.as_declared(stack, subject_prefix=IMMUTABLE))
    (statement,) = one.declared
    assert statement.forms == {
        f"{IMMUTABLE}:environment:prod": "immutable",
        "repo:acme@1/invoices@7:environment:prod": "next",
    }
    assert (one.admits, one.droppable) == (True, ())


def test_claims_that_are_left_out_have_their_reason() -> None:
    """A pattern of tags is no name, so neither ref nor file with its ref can be compared."""
    prod_ = worlds.BILLING["environments"]["prod"] | {"trust": KEPT}
    stack = worlds.stack(environments={"prod": prod_})
    one = prod(stack, worlds.as_declared(stack))
    why = "deployment_tags has the pattern 'v*', which is more than one name"
    assert one.left_out == {"ref": why, "job_workflow_ref": why}
    assert one.admits is True


def test_a_role_that_cannot_be_read_says_why() -> None:
    """A role that is missing, and an account that was not read."""
    stack = worlds.stack()
    world = worlds.as_declared(stack)
    one = prod(stack, worlds.with_account(world, PROD, roles={}))
    assert (one.unread, one.live, one.admits) == ("the role does not exist", (), None)
    accounts = {number: there for number, there in world.accounts.items() if number != PROD}
    one = prod(stack, replace(world, accounts=accounts, unseen={PROD: "no credentials"}))
    assert (one.unread, one.live, one.admits) == ("no credentials", (), None)


def test_a_repository_that_github_does_not_show_is_left_out() -> None:
    """The others are told."""
    stack = worlds.stack()
    (billing,) = stack.repositories
    (hidden,) = worlds.stack(repository="hidden").repositories
    world = worlds.as_declared(stack)
    told = admissions(
        stack.model_copy(update={"repositories": (hidden, billing)}),
        replace(world, repositories={"hidden": None, **world.repositories}),
    )
    assert [one.repository for one in told] == ["billing"] * 3


def test_a_default_branch_is_followed() -> None:
    """In a repository without main, jobs of the default branch are admitted."""
    stack = declared(PINNED)
    facts = {"default_branch": "trunk", "workflows": {"trunk": {}}}
    (statement,) = prod(stack, worlds.as_declared(stack, **facts)).declared
    assert statement.claims["ref"] == ("refs/heads/trunk",)


def test_json_is_as_its_schema_says() -> None:
    """The document matches the schema, which requires every member."""
    path = PROJECT / "operations/commands/trust/trust.schema.json"
    schema = json.loads(path.read_text("utf-8"))
    Draft202012Validator.check_schema(schema)
    every = [
        found(SUBJECT),
        found(KEPT),
        found({"subject": "both"}, like("*"), IMMUTABLE),
        found(SUBJECT, trusting("repo:acme/former:environment:prod")),
    ]
    document = json.loads(as_json("acme", every))
    Draft202012Validator(schema).validate(document)
    role = schema["$defs"]["role"]
    assert set(role["required"]) == set(role["properties"]) == set(document["roles"][0])


def test_the_text_has_every_fact_on_a_line() -> None:
    """In a pipe a fact is one line, so that grep finds it; text of others is made visible."""
    file = io.StringIO()
    hostile = trusting("repo:acme/\x1b[31mred:environment:prod")
    every = [found(KEPT), found({"subject": "both"}, hostile, IMMUTABLE)]
    print_admissions("acme", every, Console(file=file, soft_wrap=True))
    text = file.getvalue()
    assert "acme/billing prod: role acme.billing-prod in 333333333333" in text
    assert f"  sent         {IMMUTABLE}:environment:prod (with ids)\n" in text
    assert f"  AWS          {CLASSIC}:environment:prod (without ids) and repository_id 7" in text
    assert f"               {CLASSIC}:environment:prod (without ids) alone\n" in text
    assert "  admits jobs  yes\n" in text
    assert "  admits jobs  NO\n" in text
    assert text.count("  pinned fits  yes\n") == 1
    assert "one admits a deployment: `trust.keep_subject_statement: false`\n" in text
    assert "\x1b" not in text
