import pytest

from sandbox.tokens.refusal import TokenRefusedError
from sandbox.tokens.workflow_file import read_job


@pytest.mark.parametrize(
    ("top", "own", "expected"),
    [
        ("", "", False),
        ("permissions: {id-token: write}", "", True),
        ("permissions: write-all", "", True),
        ("permissions: read-all", "", False),
        ("permissions: {id-token: write}", "permissions: {contents: read}", False),
        ("permissions: {id-token: write}", "permissions: {}", False),
        ("", "permissions: {id-token: read}", False),
    ],
)
def test_a_jobs_permissions_replace_the_workflows(
    top: str,
    own: str,
    expected: bool,  # noqa: FBT001 - a table
) -> None:
    """A job's permissions replace the workflow's and are not merged with them."""
    text = f"{top}\njobs:\n  a:\n    runs-on: x\n    {own}\n"
    assert read_job("f", text.encode(), "a").may_have_token is expected


@pytest.mark.parametrize(
    ("text", "status"),
    [
        ("jobs: {a: {environment: '${{ inputs.x }}'}}", 501),
        ("jobs: {a: {uses: ./x.yml}}", 501),
        ("jobs: {b: {}}", 403),
        ("jobs: [", 422),
        ("[]", 422),
    ],
)
def test_what_cannot_be_read_is_refused(text: str, status: int) -> None:
    """Invalid files and unsupported syntax are refused."""
    with pytest.raises(TokenRefusedError) as refused:
        read_job("f", text.encode(), "a")
    assert refused.value.status == status
