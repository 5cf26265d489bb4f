"""Merge one branch into another without a pull request."""

from flask import Response

from sandbox.github import access, errors
from sandbox.github.body import Body, read
from sandbox.github.clock import now
from sandbox.github.creation import signature
from sandbox.github.git import Signature, Text
from sandbox.github.merge_trees import merge_base, merged_tree
from sandbox.github.paging import answer
from sandbox.github.permissions import Permission
from sandbox.github.references import move
from sandbox.github.render import commits as render
from sandbox.github.routes.family import REPOSITORY, Family
from sandbox.github.rules.refusal import MERGE
from sandbox.github.rules.update import RefUpdate

routes = Family("merges", REPOSITORY)


class MergeBody(Body):
    """The branch to change, and what to merge into it: a branch or a commit."""

    base: str
    head: str
    commit_message: str | None = None


@routes.post("/merges")
def merge_a_branch() -> Response:
    """Merge a branch; 204 if the base has all its commits.

    docs.github.com/rest/branches/branches#merge-a-branch
    """
    repository = access.repository(Permission.PUSH)
    body = read(MergeBody)
    git, ref = repository.git, f"refs/heads/{body.base}"
    base, head = git.ref(ref), git.resolve(body.head)
    if base is None:
        raise errors.not_found("Base does not exist")
    if head is None:
        raise errors.not_found("Head does not exist")
    if git.is_ancestor(head, base):
        return Response(status=204)
    tree = merged_tree(git, merge_base(git, base, head), base, head)
    if tree is None:
        raise errors.conflict("Merge conflict")
    message = body.commit_message or f"Merge {body.head} into {body.base}"
    committer = Signature("GitHub", "noreply@github.com", now())
    author = signature(access.caller())
    text = Text(message, author, committer, signed=True)
    sha = git.write_commit(tree, [base, head], text)
    move(access.actor(), RefUpdate(repository, ref, base, sha), MERGE)
    commit = git.commit(sha)
    assert commit is not None
    return answer(render.commit(access.store(), repository, sha, commit), 201)
