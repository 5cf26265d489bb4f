"""The table of rules has exactly the rules that the code can report."""

import ast
import re
from collections import Counter
from collections.abc import Iterator

from components.objects.kinds import BRANCH_POLICY, KINDS, OTHER_POLICY, TAG_POLICY
from components.objects.rules import RULES
from operations.diff.compare import compare
from operations.diff.finding import Direction
from operations.terminal.output import PROJECT
from tests.operations.diff import documented, worlds
from tests.operations.diff.cases import CASES

SOURCES = [
    PROJECT / "operations" / name for name in ("diff", "diff/workflows", "engine", "engine/plan")
]
WHOLE = re.compile(r"[a-z_]+/[a-z_]+")
HEAD = re.compile(r"[a-z_]+/")
#: Rules of plans, whose names the code builds from Pulumi's operations.
PLANS = {"plan/replace", "plan/update"}


def of_kinds() -> list[str]:
    """Return every rule in the table of kinds, once for each of its places."""
    fields = [rule for kind in KINDS for field in kind.fields for rule in field.rules]
    wholes = [rule for kind in KINDS for rule in (kind.missing, kind.extra, *kind.rules) if rule]
    return fields + wholes


def nodes() -> Iterator[ast.AST]:
    """Every node of the sources except the table's."""
    for path in (path for folder in SOURCES for path in folder.glob("*.py")):
        yield from ast.walk(ast.parse(path.read_text()))


def emitted() -> set[str]:
    """Every rule that the code names by itself."""
    found = list(nodes())
    texts = {str(node.value) for node in found if isinstance(node, ast.Constant)}
    patterns = {pattern(node) for node in found if isinstance(node, ast.JoinedStr)}
    assert {one for one in patterns if HEAD.match(one)} == {"plan/*"}
    return {one for one in texts if WHOLE.fullmatch(one)} | PLANS


def pattern(text: ast.JoinedStr) -> str:
    """Return an f-string as a pattern, with a star for each expression."""
    return "".join(str(p.value) if isinstance(p, ast.Constant) else "*" for p in text.values)


def test_every_rule_is_explained_and_none_is_invented() -> None:
    """The table explains each rule that a finding can have, and no other."""
    assert emitted() | set(of_kinds()) == set(RULES)


def test_each_rule_is_about_one_kind_or_field() -> None:
    """Each rule belongs to one kind or field; only patterns of branches and tags share rules."""
    counted = Counter(of_kinds())
    shared = {kind.missing for kind in (BRANCH_POLICY, TAG_POLICY)}
    shared |= {kind.extra for kind in (BRANCH_POLICY, TAG_POLICY, OTHER_POLICY)}
    assert {rule for rule, count in counted.items() if count > 1} == shared
    assert {rule for rule in RULES if rule not in counted} == {
        *("plan/create", "plan/delete", "plan/replace", "plan/update"),
    }


def test_the_documentation_has_the_table() -> None:
    """The documentation contains the table, which is generated."""
    assert documented.with_table() == (PROJECT / "docs/drift.md").read_text()


def weaker() -> set[str]:
    """Return rules with a finding that is weaker than the declaration."""
    declared = worlds.stack()
    live = worlds.as_declared(declared)
    found = {
        finding.rule
        for case in CASES.values()
        for finding in compare(declared, case.change(live))
        if finding.direction is Direction.WEAKER
    }
    return found | SPECIAL


#: Rules that are weaker only with another declaration or state.
SPECIAL = {
    "environment/other_reviewer",
    "repository/default_branch",
    "repository/transferred",
    "repository/visibility",
    "role/other_repository",
}


def test_whatever_is_weaker_is_seen_and_repaired_or_it_is_said_why_not() -> None:
    """Drift sees each weaker rule; exactly those that `up` does not repair have a reason."""
    table = documented.rows()
    assert table.keys() == RULES.keys()
    found = weaker()
    assert {rule for rule in found if not table[rule].seen.strip("()").startswith("yes")} == set()
    left = {rule for rule in found if table[rule].repaired.strip("()") == documented.NO}
    assert left == documented.reasons()
