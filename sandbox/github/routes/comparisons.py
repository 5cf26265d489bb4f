"""Compare two commits: which commits one has and the other does not."""

from flask import Response

from sandbox.github import access, errors
from sandbox.github.paging import answer
from sandbox.github.render import commits as render
from sandbox.github.render.urls import api, html
from sandbox.github.routes.family import REPOSITORY, Family

routes = Family("comparisons", REPOSITORY)


@routes.get("/compare/<path:basehead>")
def compare_commits(basehead: str) -> Response:
    """Compare two commits, BASE...HEAD. Deliberately absent: the changed files.

    docs.github.com/rest/commits/commits#compare-two-commits
    """
    repository = access.repository()
    git = repository.git
    names = basehead.split("...")
    found = [git.resolve(name) for name in names if name]
    if len(found) != 2 or None in found:  # noqa: PLR2004 - BASE and HEAD
        raise errors.not_found()
    base, head = (str(sha) for sha in found)
    of_base, of_head = (
        [sha for sha, _ in git.walk(tip, None, skip=0, count=1_000_000)] for tip in (base, head)
    )
    shared = set(of_base) & set(of_head)
    if not shared:
        raise errors.not_found()
    ahead, behind = (
        [sha for sha in commits if sha not in shared] for commits in (of_head, of_base)
    )
    store = access.store()

    def rendered(sha: str) -> object:
        commit = git.commit(sha)
        assert commit is not None
        return render.commit(store, repository, sha, commit)

    page = html(f"{repository.full_name}/compare/{basehead}")
    words = {(False, False): "identical", (True, False): "ahead", (False, True): "behind"}
    return answer(
        {
            "url": api(f"/repos/{repository.full_name}/compare/{basehead}"),
            "html_url": page,
            "permalink_url": page,
            "diff_url": f"{page}.diff",
            "patch_url": f"{page}.patch",
            "base_commit": rendered(base),
            "merge_base_commit": rendered(next(sha for sha in of_base if sha in shared)),
            "status": words.get((bool(ahead), bool(behind)), "diverged"),
            "ahead_by": len(ahead),
            "behind_by": len(behind),
            "total_commits": len(ahead),
            "commits": [rendered(sha) for sha in reversed(ahead)],
        }
    )
