"""Adoption of a repository whose workflow files arrive by pull request."""

from dataclasses import replace
from typing import Any

from components.documents.delivery import content_id
from components.documents.workflows import render_workflows
from components.model.delivery import ByPullRequest
from components.model.pipeline import Pipeline
from components.objects.desired import desired
from components.objects.kind import Place
from components.objects.kinds import BRANCH, PULL_REQUEST, WORKFLOW
from operations.adoption.already_written import contents_in_state
from operations.adoption.change import Act
from operations.adoption.changes import changes
from operations.live.observed import ObservedRepository
from tests.operations.adoption import grown

BRANCHES = {"branches": {"dev": "main", "test": "main", "prod": "main"}}
REPOSITORY = grown.resolved({"repository": "ledger", **BRANCHES})
FILES = render_workflows("ledger", Pipeline.of(REPOSITORY, grown.SETTINGS))
HEAD = "slipway/main-0123456789"
PAGE = "https://github.com/acme/ledger/pull/1"
LACKING = ByPullRequest(
    there=frozenset(), pending=tuple(sorted(FILES)), content=content_id(FILES), head=HEAD
)
CREATED = {(f"{file} on {HEAD}", "", Act.CREATE) for file in FILES}


def seen(**facts: Any) -> ObservedRepository:
    """Return the repository, whose main gets its files by a delivery with these facts."""
    delivery = LACKING.model_copy(update=facts)
    return replace(grown.LEDGER, workflows={"main": {}}, by_pull_request={"main": delivery})


def opened(**facts: Any) -> ObservedRepository:
    """Return the same with an open request that has the declared texts."""
    there = {"number": 1, "url": PAGE, "since": "2026-01-02T03:04:05Z", "head_exists": True}
    live = seen(**there)
    objects = desired(grown.stack(REPOSITORY), {"ledger": live})
    (one,) = (one for one in objects if one.key == PULL_REQUEST.at("main"))
    return seen(**there, **{key: one.values[key] for key in ("title", "body")} | facts)


def listed(live: ObservedRepository, **files: str) -> set[tuple[str, str, Act]]:
    """Return object, field and act of each change of files, their branches and requests.

    The state has `files` on slipway's branch.
    """
    contents: dict[Place, str] = {
        ("ledger", WORKFLOW.at(f"{name}.yml".replace("_", "-"), HEAD)): text
        for name, text in files.items()
    }
    found = changes(grown.stack(REPOSITORY), grown.observed(live), (), contents)
    delivered = (one for one in found if one.object.kind in (BRANCH, WORKFLOW, PULL_REQUEST))
    return {(str(one.object), one.field, one.act) for one in delivered}


def test_the_branch_the_files_and_the_request_are_added() -> None:
    """Nothing is there: `up` makes all of it, and no file on the target."""
    made = {(f"branch {HEAD}", "", Act.CREATE), ("pull request for main", "", Act.CREATE)}
    assert listed(seen()) == CREATED | made


def test_a_branch_that_an_interrupted_run_has_made_is_not_added() -> None:
    """The branch is imported, and the request is made."""
    found = listed(seen(head_exists=True))
    assert found == CREATED | {("pull request for main", "", Act.CREATE)}


def test_an_open_request_with_the_declared_texts_is_imported() -> None:
    """The files are committed again, as the state lacks them; the request stays as it is."""
    assert listed(opened()) == CREATED


def test_an_open_request_for_other_content_is_updated() -> None:
    """Its text is written, and the list names its page instead of two long texts."""
    live = opened(body="for earlier content")
    assert listed(live) == CREATED | {("pull request for main", "body", Act.UPDATE)}
    found = changes(grown.stack(REPOSITORY), grown.observed(live))
    (body,) = (one for one in found if one.field == "body")
    assert (body.before, body.after) == (f"that of {PAGE}", "the body for what is declared now")


def test_a_title_that_its_owner_edited_is_written_again() -> None:
    """The declared title replaces the live one."""
    assert ("pull request for main", "title", Act.UPDATE) in listed(opened(title="Mine"))


def test_files_that_the_state_has_change_only_if_the_declaration_did() -> None:
    """A second adoption lists a file whose content differs, and not those that do not."""
    names = {name.removesuffix(".yml").replace("-", "_"): text for name, text in FILES.items()}
    assert listed(opened(), **names) == set()
    assert listed(opened(), **names | {"python_dev": "other"}) == {
        (f"python-dev.yml on {HEAD}", "content", Act.UPDATE)
    }


def test_nothing_is_listed_for_a_request_that_its_owner_closed() -> None:
    """`up` opens none for the same content, so the list has no file and no request."""
    assert listed(seen(declined=True, url=PAGE)) == set()


def test_a_file_that_the_request_replaces_is_no_change_of_up() -> None:
    """Until the merge, the file of the same name stays as it is."""
    theirs = {"python-dev.yml": grown.workflow("name: ours\n")}
    live = replace(seen(there=frozenset(theirs)), workflows={"main": theirs})
    assert not {one for one in listed(live) if one[0].endswith(" on main")}


def test_the_state_tells_the_content_of_files_on_any_branch() -> None:
    """The branch is the end of the logical name, as the default branch is no input."""
    type_ = WORKFLOW.type
    urn = f"urn:pulumi:acme::slipway::{type_}::ledger-{HEAD}-python-dev.yml:{HEAD}"
    path = ".github/workflows/python-dev.yml"
    given = {"repository": "ledger", "file": path, "content": "x", "branch": HEAD}
    other = {"urn": "urn:pulumi:acme::slipway::t::n", "type": "t", "inputs": {}}
    resources = [{"urn": urn, "type": type_, "inputs": given}, other]
    found = contents_in_state({"deployment": {"resources": resources}})
    assert found == {("ledger", WORKFLOW.at("python-dev.yml", HEAD)): "x"}
    assert contents_in_state({"deployment": {}}) == {}
