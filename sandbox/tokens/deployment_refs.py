"""Whether an environment lets a ref deploy: its deployment branch policy.

docs.github.com, "Managing environments for deployment": no policy admits every ref; `protected
branches` admits, where no branch is protected (the emulator has no protection), every branch;
patterns are those of Ruby's `File.fnmatch` with FNM_PATHNAME. Not here: reviewers and wait timers.
"""

import re
from typing import Final

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

    `**/` at the beginning of a part matches any number of folders. Names of refs cannot have a part
    that begins with a dot, so that Ruby's rule for those does not matter.
    """
    expression = _TOKEN.sub(_expression, pattern)
    return re.fullmatch(expression, name, re.DOTALL) is not None


#: What a pattern is made of: folders, an escape, a set, one other character.
_TOKEN: Final = re.compile(
    r"(?P<folders>(?:(?<![^/])\*\*/)+)"
    r"|\\(?P<escaped>.?)"
    r"|\[(?P<not>[!^]?)(?P<members>(?:\\.|[^]\\])*)]"
    r"|(?P<stars>\*+)"
    r"|(?P<other>.)",
    re.DOTALL,
)
#: One member of a set, or a range of them.
_MEMBER: Final = re.compile(r"\\?(.)(?:-(?!$)\\?(.))?", re.DOTALL)
_NOTHING: Final = "(?!)"


def _expression(token: re.Match[str]) -> str:
    if token["folders"]:
        return r"(?:[^/]+/)*"
    if token["escaped"] is not None:
        return re.escape(token["escaped"])
    if token["members"] is not None:
        return _one_of(token["members"], negated=bool(token["not"]))
    if token["stars"]:
        return "[^/]*"
    # A set that is not closed matches nothing.
    return {"?": "[^/]", "[": _NOTHING}.get(token["other"], re.escape(token["other"]))


def _one_of(members: str, *, negated: bool) -> str:
    """A set of characters; a range that goes backwards has its two ends."""
    ranges = [
        (re.escape(low), re.escape(high), low <= high) for low, high in _MEMBER.findall(members)
    ]
    inside = "".join(
        low + ("-" + high if high and forward else high) for low, high, forward in ranges
    )
    if not inside:
        return "[^/]" if negated else _NOTHING
    return f"(?!/)[{'^' if negated else ''}{inside}]"
