"""Where rules refuse commits, workflow files arrive and are removed by pull request."""

import pytest

from tests.e2e.delivery_story import DEFAULT, FILES, GROWN, REMOVED, STORIES, Story, tell


@pytest.fixture(scope="module")
def story(tmp_path_factory: pytest.TempPathFactory) -> Story:
    """All moments of the story, observed in one run."""
    return tell(tmp_path_factory.mktemp("delivery"))


def test_one_request_is_opened_for_each_protected_branch(story: Story) -> None:
    """The request has the files and names the declaration; slipway writes nothing to the target."""
    for name in STORIES[:4]:
        (request,) = story.opened.pulls[name]
        branch = DEFAULT.get(name, "main")
        assert (request["state"], request["base"]["ref"]) == ("open", branch)
        assert request["title"] == f"Update slipway's workflow files on {branch}"
        assert "stacks/s/" in request["body"]
        assert all(f"`.github/workflows/{file}`" in request["body"] for file in FILES[name])
        assert len(story.opened.files[name]) == len(GROWN.get(name, {}))
    assert story.opened.pulls["direct"] == []
    assert sorted(story.opened.files["direct"]) == FILES["direct"]


def test_a_workflow_of_the_same_name_is_replaced_by_the_request(story: Story) -> None:
    """Before the merge the existing workflow is unchanged, and drift reports it."""
    theirs, ours = story.opened.files["rebase"], story.ended.files["rebase"]
    assert list(theirs) == ["python-dev.yml"]
    assert ours["python-dev.yml"] != theirs["python-dev.yml"]
    assert ("rebase", "workflow/content") in story.opened.drift


def test_a_pull_request_of_others_is_left_alone(story: Story) -> None:
    """Slipway ignores another user's pull request whose branch is named like slipway's.

    `validate --live` names that request, and slipway opens its own.
    """
    (before,), (after,) = story.opened.others, story.gone.others
    assert (after["state"], after["title"], after["body"]) == ("open", "Mine", before["body"])
    assert after["head"]["sha"] == before["head"]["sha"]
    place = "stacks/s/direct.yaml:1: repository: "
    assert f"{place}{before['html_url']} is not slipway's" in story.noted
    (own,) = story.ended.pulls["direct"]
    assert own["head"]["ref"] != before["head"]["ref"]


def test_a_private_repository_without_environments_is_refused(story: Story) -> None:
    """With the plan Free, the repository can have no environments; the message is at its line."""
    assert "stacks/s/direct.yaml:1: repository: acme/direct is not public" in story.free


def test_files_that_would_stay_are_named_before_an_offboarding(story: Story) -> None:
    """If a declaration is simply removed, `up` changes nothing and names the way to offboard."""
    assert "merge: the rules of master refuse commits, so python-" in story.refused
    assert "`offboarding: {now: true}`" in story.refused
    assert "nothing was changed" in story.refused


def test_a_second_run_opens_no_second_request(story: Story) -> None:
    """While the requests are open, a preview with a refresh is empty."""
    assert story.opened.changes == {}


def test_drift_has_an_open_request_with_its_link(story: Story) -> None:
    """The finding says since when the request is open, links to it, and is repaired by hand."""
    for name in STORIES[:4]:
        (request,) = story.opened.pulls[name]
        found = story.opened.drift[name, "workflow/pull_request_open"]
        assert found["live"] == f"open since {request['created_at']}: {request['html_url']}"
        assert found["repair"] == "by hand"
    assert ("direct", "workflow/pull_request_open") not in story.opened.drift


@pytest.mark.parametrize("name", STORIES[:3])
def test_a_merged_request_is_done(story: Story, name: str) -> None:
    """After any kind of merge the files are there and nothing is created again.

    The same holds if GitHub deleted the merged branch.
    """
    (request,) = story.ended.pulls[name]
    assert request["merged_at"]
    assert sorted(story.ended.files[name]) == FILES[name]
    assert not [key for key in story.ended.changes if key.startswith(name)]
    assert not [rule for repository, rule in story.ended.drift if repository == name]


def test_a_request_that_its_owner_closed_is_told_and_not_opened_again(story: Story) -> None:
    """Drift reports it and a preview is empty; only new content opens another request."""
    (request,) = story.ended.pulls["closed"]
    assert request["state"] == "closed"
    found = story.ended.drift["closed", "workflow/pull_request_closed"]
    assert found["live"] == f"closed since {request['closed_at']}: {request['html_url']}"
    assert story.ended.changes == {}
    first, second = story.changed.pulls["closed"]
    assert (first["state"], second["state"]) == ("closed", "open")
    assert ("closed", "workflow/pull_request_open") in story.changed.drift


def test_rules_that_come_later_change_only_the_way(story: Story) -> None:
    """If rules are added later, committed files stay, and new content arrives by pull request."""
    assert story.ended.files["direct"] == story.opened.files["direct"]
    (request,) = story.ended.pulls["direct"]
    assert (request["state"], request["base"]["ref"]) == ("open", "main")


def test_new_content_updates_the_open_request(story: Story) -> None:
    """The same request gets further commits, and its text names the new content."""
    (before,), (after,) = story.ended.pulls["direct"], story.changed.pulls["direct"]
    assert after["number"] == before["number"]
    assert after["head"]["sha"] != before["head"]["sha"]
    assert after["body"] != before["body"]
    assert story.changed.changes == {}


def test_files_that_arrived_by_pull_request_are_adopted_without_a_change(story: Story) -> None:
    """The adoption lists no file, and the next `up` changes nothing.

    GitHub returns `prevent_self_review` only together with reviewers, so an import lacks it
    (adoption.md).
    """
    changes = [one for one in story.adopted["changes"] if one["repository"] == "rebase"]
    assert {one["field"] for one in changes} == {"prevent_self_review"}
    assert story.ended.files["rebase"] == story.changed.files["rebase"]
    assert not [key for key in story.ended.changes if key.startswith("rebase")]


def test_an_open_request_for_other_content_is_adopted_with_what_up_changes(story: Story) -> None:
    """The state was lost, the declaration has changed: the list has the files and the new text.

    The adoption's own proof compares the list with Pulumi's preview.
    """
    (request, *_) = story.opened.pulls["closed"]
    changes = [one for one in story.adopted["changes"] if one["repository"] == "closed"]
    head = request["head"]["ref"]
    added = {one["object"] for one in changes if one["act"] == "create"}
    assert added == {f"{file} on {head}" for file in FILES["closed"]}
    (text,) = (one for one in changes if one["object"] == "pull request for main")
    assert (text["field"], text["act"]) == ("body", "update")
    assert text["before"] == f"that of {request['html_url']}"


@pytest.mark.parametrize("name", ["squash", "merge"])
def test_rules_about_signatures_and_checks_lead_to_a_request(story: Story, name: str) -> None:
    """A commit of a user's token is not signed, and has no check: it comes by pull request."""
    assert story.opened.files[name] == {}
    (request,) = story.opened.pulls[name]
    assert request["state"] == "open"
    assert sorted(story.ended.files[name]) == FILES[name]


@pytest.mark.parametrize("name", REMOVED)
def test_an_offboarded_repository_loses_its_files_by_pull_request(story: Story, name: str) -> None:
    """One request removes the files and says why; drift reports it; a preview is empty."""
    *_, request = pulls = story.changed.pulls[name]
    assert [one["state"] for one in pulls] == ["closed", "open"]
    branch = DEFAULT.get(name, "main")
    assert request["title"] == f"Remove slipway's workflow files from {branch}"
    assert f"stacks/s/{name}.yaml" in request["body"]
    assert all(f"`.github/workflows/{file}`" in request["body"] for file in FILES[name])
    assert sorted(story.changed.files[name]) == FILES[name]
    found = story.changed.drift[name, "workflow/pull_request_open"]
    assert found["live"] == f"open since {request['created_at']}: {request['html_url']}"


@pytest.mark.parametrize("name", [name for name, method in REMOVED.items() if method])
def test_a_merged_removal_is_done(story: Story, name: str) -> None:
    """The files are gone, slipway opens no further request, and drift reports nothing."""
    assert story.gone.files[name] == {}
    assert len(story.gone.pulls[name]) == len(story.changed.pulls[name])
    assert not [rule for repository, rule in story.gone.drift if repository == name]


def test_an_offboarding_leaves_no_branch_and_no_request_of_slipways(story: Story) -> None:
    """Offboarding closes requests that add files, and deletes their branches.

    It also deletes the branch of a merged removal. If the owner closed a removal, its branch stays,
    so that the owner can reopen it.
    """
    first, second = story.gone.pulls["closed"]
    assert (first["state"], second["state"]) == ("closed", "closed")
    heads = {name: story.gone.pulls[name][-1]["head"]["ref"] for name in STORIES}
    left = {name for name, head in heads.items() if head in story.gone.branches[name]}
    assert left == {"rebase", "direct"}


def test_a_closed_removal_is_told_and_not_opened_again(story: Story) -> None:
    """The files stay, and drift reports the closed request."""
    assert sorted(story.gone.files["rebase"]) == FILES["rebase"]
    assert [one["state"] for one in story.gone.pulls["rebase"]] == ["closed", "closed"]
    assert ("rebase", "workflow/pull_request_closed") in story.gone.drift


def test_without_rules_files_are_committed_again(story: Story) -> None:
    """Without rules, slipway commits the open request's content; then nothing is left to change."""
    assert sorted(story.gone.files["direct"]) == FILES["direct"]
    assert story.gone.files["direct"] != story.changed.files["direct"]
    assert story.gone.changes == {}
