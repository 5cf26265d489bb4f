from dataclasses import replace

from operations.diff.finding import Direction, Finding, Repair
from operations.diff.merge import merge
from tests.operations.keys import key

SEEN = Finding(
    "billing",
    key("environment prod"),
    "wait_minutes",
    "10",
    "0",
    Direction.WEAKER,
    Repair.UP,
    "environment/wait_minutes",
)
PLANNED = replace(SEEN, direction=Direction.NEUTRAL, rule="plan/update")


def test_a_finding_of_both_witnesses_has_the_observers_text() -> None:
    """A finding of both witnesses is reported once, with the observer's text."""
    assert merge([SEEN], [PLANNED]) == [SEEN]


def test_a_finding_of_one_witness_is_kept() -> None:
    """Findings of only one witness are kept."""
    other = replace(PLANNED, field="description")
    extra = replace(SEEN, object=key("repository"), repair=Repair.HAND)
    assert merge([SEEN, extra], [PLANNED, other]) == sorted([SEEN, extra, other])


def test_the_plan_decides_which_findings_up_repairs() -> None:
    """`up` repairs only differences of the plan, also if the observer expects more."""
    assert [found.repair for found in merge([SEEN], [])] == [Repair.HAND]
    reviewers = replace(SEEN, field="reviewers", rule="environment/reviewers")
    assert [found.repair for found in merge([reviewers], [])] == [Repair.REFRESH]
    by_hand = replace(SEEN, repair=Repair.HAND)
    assert [found.repair for found in merge([by_hand], [PLANNED])] == [Repair.UP]


def test_a_reviewer_that_github_drops_is_repaired_by_hand() -> None:
    """A reviewer that GitHub drops stays a repair by hand, although the plan writes it."""
    field, rule = "reviewers", "environment/reviewer_access"
    dropped = replace(SEEN, field=field, repair=Repair.HAND, rule=rule)
    assert merge([dropped], [replace(PLANNED, field=field)]) == [dropped]


def test_the_plan_of_a_pull_request_is_told_by_its_files() -> None:
    """A planned pull request means that `up` repairs missing files of its target branch.

    The request's own head branch and the files on it are no findings.
    """
    missing = replace(SEEN, object=key("python-dev.yml on main"), field="", rule="workflow/missing")
    other = replace(missing, object=key("python-dev.yml on develop"))
    head = "slipway/main-0123456789"
    planned = [
        replace(PLANNED, object=key(words), field="", rule="plan/create")
        for words in (f"branch {head}", f"python-dev.yml on {head}", "pull request for main")
    ]
    found = merge([missing, other], planned)
    assert found == sorted([missing, replace(other, repair=Repair.HAND)])
    # If the request is open already, only the plan shows its new content.
    assert merge([], [planned[-1]]) == [planned[-1]]


def test_without_a_preview_the_observer_is_believed() -> None:
    """Without a preview the observer's findings stay as they are."""
    assert merge([SEEN], None) == [SEEN]


def test_a_planned_replacement_explains_a_missing_role() -> None:
    """A planned replacement explains a missing role and all its replaced fields."""
    missing = replace(SEEN, object=key("role r"), field="", declared="there", rule="role/missing")
    fields = [
        replace(PLANNED, object=key("role r"), field=field, rule="plan/replace")
        for field in ("name", "tags")
    ]
    part = replace(fields[0], object=key("role r, inline policy deploy"), field="role")
    assert merge([missing], [*fields, part]) == [replace(missing, repair=Repair.UP)]
    open_ = replace(SEEN, field="deployment_branches", rule="environment/branch_policy")
    again = replace(PLANNED, field="repository", rule="plan/replace")
    unknown = replace(PLANNED, field="", rule="plan/create")
    assert set(merge([open_], [again, unknown])) > {again, unknown}


def test_a_difference_that_a_creation_overwrites_is_repaired_by_up() -> None:
    """A difference of an environment that the plan creates is repaired by `up`."""
    made = replace(PLANNED, field="", rule="plan/create")
    assert merge([SEEN], [made]) == sorted([SEEN, made])
    assert merge([SEEN], [replace(made, object=key("environment test"))])[0].repair is Repair.HAND


def test_planned_parts_of_a_missing_object_are_dropped() -> None:
    """A missing environment is one finding; planned parts of it are dropped."""
    missing = replace(SEEN, field="", declared="there", live="", rule="environment/missing")
    made = replace(PLANNED, field="", rule="plan/create")
    part = replace(made, object=key("environment prod, variable AWS_REGION"))
    stranger = replace(made, object=key("environment production, variable AWS_REGION"))
    left = replace(part, rule="plan/delete")
    found = merge([missing], [made, part, stranger, left])
    assert found == sorted([missing, stranger, left])


def test_planned_files_of_a_missing_branch_are_dropped() -> None:
    """A missing branch is one finding; planned files on it are dropped."""
    seen = replace(SEEN, field="", declared="there", live="")
    missing = replace(seen, object=key("branch develop"), rule="branch/missing")
    made = replace(PLANNED, object=key("branch develop"), field="", rule="plan/create")
    file = replace(made, object=key("python-dev.yml on develop"))
    other = replace(made, object=key("python-dev.yml on main"))
    assert merge([missing], [made, file, other]) == sorted(
        [replace(missing, repair=Repair.UP), other]
    )
