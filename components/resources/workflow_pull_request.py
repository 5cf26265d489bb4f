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
from components.model.delivery import ByPullRequest


class WorkflowPullRequestArgs(TypedDict):
    """The pull request for one branch."""

    owner: str
    """The repository's owner."""
    repository: str
    """Name of the repository, without the owner."""
    branch: str
    """The target."""
    delivery: ByPullRequest
    """The branch that brings the files, and what GitHub has of it."""
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
        delivery, repository = args["delivery"], args["repository"]

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

        head = github.Branch(
            f"{name}-branch",
            repository=repository,
            branch=delivery.head,
            source_branch=args["branch"],
            opts=options(
                after,
                f"{repository}:{delivery.head}" if delivery.head_exists else None,
                # GitHub does not report a branch's source, so it must not count as a change.
                ("sourceBranch", "sourceSha"),
            ),
        )
        last: pulumi.Resource = head
        for file, content in args["files"].items():
            path = f".github/workflows/{file}"
            # Two commits to one branch at once give 409.
            last = github.RepositoryFile(
                f"{name}-{file}:{delivery.head}",
                repository=repository,
                branch=delivery.head,
                file=path,
                content=content,
                commit_message=commit_message(path, by_pull_request=True),
                overwrite_on_create=True,
                opts=options([last]),
            )
        request = github.RepositoryPullRequest(
            f"{name}-pull-request",
            base_repository=repository,
            base_ref=args["branch"],
            head_ref=delivery.head,
            title=pull_request_title(args["branch"]),
            body=args["body"],
            opts=options(
                [last],
                f"{args['owner']}:{repository}:{delivery.number}" if delivery.number else None,
            ),
        )
        self.register_outputs({"number": request.number})
