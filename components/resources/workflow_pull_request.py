"""A pull request that brings workflow files to a branch whose rules refuse commits.

The files are committed to a branch of slipway's own, made from the target. Everything here is left
in place once the program does not register it any more, which is when the request was merged or
closed: its branch and its history are then the owner's.
"""

from collections.abc import Mapping, Sequence
from typing import TypedDict

import pulumi
import pulumi_github as github

from components.documents.delivery import commit_message, pull_request_title


class WorkflowPullRequestArgs(TypedDict):
    """The pull request for one branch."""

    owner: str
    """The repository's owner."""
    repository: str
    """Name of the repository, without the owner."""
    branch: str
    """The target."""
    head: str
    """The branch that brings the files."""
    head_exists: bool
    """Whether it exists."""
    number: int | None
    """The number of the open pull request from it."""
    files: Mapping[str, str]
    """Content of the files to bring, by name below .github/workflows/."""
    body: str
    """The text of the pull request."""


class WorkflowPullRequest(pulumi.ComponentResource):
    """A branch, its commits, and the pull request.

    Args:
        after: resources that exist before the branch.
    """

    def __init__(
        self,
        name: str,
        args: WorkflowPullRequestArgs,
        opts: pulumi.ResourceOptions | None = None,
        *,
        after: Sequence[pulumi.Resource] = (),
    ) -> None:
        super().__init__("slipway:github:WorkflowPullRequest", name, None, opts)
        repository, head, number = args["repository"], args["head"], args["number"]

        def options(
            after: Sequence[pulumi.Resource], exists: str | None = None, ignored: Sequence[str] = ()
        ) -> pulumi.ResourceOptions:
            return pulumi.ResourceOptions(
                parent=self,
                depends_on=after,
                retain_on_delete=True,
                import_=exists,
                ignore_changes=[*ignored],
            )

        made = github.Branch(
            f"{name}-branch",
            repository=repository,
            branch=head,
            source_branch=args["branch"],
            opts=options(
                # An import waits for nothing: see `workflow_files`.
                () if args["head_exists"] else after,
                f"{repository}:{head}" if args["head_exists"] else None,
                # GitHub does not report a branch's source, so it must not count as a change.
                ("sourceBranch", "sourceSha"),
            ),
        )
        before: Sequence[pulumi.Resource] = [made, *after]
        for file, content in args["files"].items():
            path = f".github/workflows/{file}"
            # Two commits to one branch at once give 409.
            committed = github.RepositoryFile(
                f"{name}-{file}:{head}",
                repository=repository,
                branch=head,
                file=path,
                content=content,
                commit_message=commit_message(path, by_pull_request=True),
                overwrite_on_create=True,
                opts=options(before),
            )
            before = [committed]
        request = github.RepositoryPullRequest(
            f"{name}-pull-request",
            base_repository=repository,
            base_ref=args["branch"],
            head_ref=head,
            title=pull_request_title(args["branch"]),
            body=args["body"],
            opts=options(
                before,
                f"{args['owner']}:{repository}:{number}" if number else None,
            ),
        )
        self.register_outputs({"number": request.number})
