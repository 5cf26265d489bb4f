"""Whether an environment lets a ref deploy: its deployment branch policy.

docs.github.com, "Managing environments for deployment": no policy admits every ref; `protected
branches` admits, where no branch is protected (the emulator has no protection), every branch;
patterns are those of Ruby's `File.fnmatch` with FNM_PATHNAME. Not here: reviewers and wait timers.
"""

import re

from sandbox.github.environments import Environment


def admits(environment: Environment, ref: str) -> bool:
    """Whether a job may deploy from a full ref: a branch, a tag, or a pull request's merge ref."""
    custom = environment.protection.custom_branch_policies
    if custom is None:
        return True
    if not custom:
        return ref.startswith("refs/heads/")
    kind = "tag" if ref.startswith("refs/tags/") else "branch"
    name = ref.removeprefix("refs/heads/").removeprefix("refs/tags/")
    return any(
        policy.type == kind and matches(policy.name, name)
        for policy in environment.policies.values()
    )


def matches(pattern: str, name: str) -> bool:
    """Whether a name matches a pattern whose `*`, `?` and `[...]` never match a slash.

    `**/` matches any number of folders. Names of refs cannot have a part that begins with a dot,
    so that Ruby's rule for those does not matter.
    """
    parts = re.findall(r"\*\*/|\\.|\[[^]]+\]|.", pattern, re.DOTALL)
    return re.fullmatch("".join(map(_part, parts)), name, re.DOTALL) is not None


def _part(part: str) -> str:
    if part == "**/":
        return r"(?:[^/]+/)*"
    if part == "*":
        return "[^/]*"
    if part == "?":
        return "[^/]"
    if part.startswith("[") and part.endswith("]") and len(part) > 1:
        return _characters(part[1:-1])
    return re.escape(part[1:] if part.startswith("\\") and len(part) > 1 else part)


def _characters(members: str) -> str:
    """A set of characters; only a leading `!` or `^` and ranges mean something in it."""
    negated = members[:1] in {"!", "^"} and len(members) > 1
    escaped = re.sub(r"([\\\[\]^&~|])", r"\\\1", members[1:] if negated else members)
    return f"(?!/)[{'^' if negated else ''}{escaped}]"
