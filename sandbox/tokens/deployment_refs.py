"""Whether an environment lets a ref deploy: its deployment branch policy.

docs.github.com, "Managing environments for deployment": without a policy every ref may deploy.
`Protected branches` lets every branch deploy if no branch is protected; here none counts as
protected. Patterns are those of Ruby's `File.fnmatch` with FNM_PATHNAME. Deliberately absent:
reviewers and wait timers.
"""

import re
from typing import Final

from sandbox.github.environments import Environment


def admits(environment: Environment, ref: str) -> bool:
    """Whether a job with this full ref may deploy: a branch, a tag, a pull request's merge ref."""
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
    """Whether a name matches a pattern. Its `*`, `?` and `[...]` never match a slash.

    `**/` at the beginning of a segment matches any number of folders. Ruby's rule for segments that
    begin with a dot does not matter: names of refs cannot have them.
    """
    expression = _TOKEN.sub(_expression, pattern)
    return re.fullmatch(expression, name, re.DOTALL) is not None


#: The parts of a pattern: folders, an escape, a set, one other character.
_TOKEN: Final = re.compile(
    r"(?P<folders>(?:(?<![^/])\*\*/)+)"
    r"|\\(?P<escaped>.?)"
    r"|\[(?P<not>[!^]?)(?P<members>(?:\\.|[^]\\])*)]"
    r"|(?P<stars>\*+)"
    r"|(?P<other>.)",
    re.DOTALL,
)
#: One character of a set, or a range of characters.
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
    # A set without its closing bracket matches nothing.
    return {"?": "[^/]", "[": _NOTHING}.get(token["other"], re.escape(token["other"]))


def _one_of(members: str, *, negated: bool) -> str:
    """The regular expression of a set; a range in descending order is only its two ends."""
    ranges = [
        (re.escape(low), re.escape(high), low <= high) for low, high in _MEMBER.findall(members)
    ]
    inside = "".join(
        low + ("-" + high if high and forward else high) for low, high, forward in ranges
    )
    if not inside:
        return "[^/]" if negated else _NOTHING
    return f"(?!/)[{'^' if negated else ''}{inside}]"
