"""The table of rules has what the code can emit, and nothing else."""

import ast
import re
from collections.abc import Iterator

from operations.diff.compare import compare
from operations.diff.finding import Direction
from operations.diff.rules import _BY_HAND, RULES
from operations.terminal.output import PROJECT
from tests.operations.diff import documented, worlds
from tests.operations.diff.cases import CASES

SOURCES = [PROJECT / "operations" / name for name in ("diff", "diff/workflows", "engine")]
WHOLE = re.compile(r"[a-z_]+/[a-z_]+")
HEAD = re.compile(r"[a-z_]+/")
#: Rules whose names are put together, by what the code writes of them.
COMPOSED = {
    "environment/*_branch_policy": {
        "environment/extra_branch_policy",
        "environment/missing_branch_policy",
    },
    "plan/*": {"plan/replace", "plan/update"},
}


def nodes() -> Iterator[ast.AST]:
    """Every node of the sources except the table's."""
    for path in (path for folder in SOURCES for path in folder.glob("*.py")):
        if path.name != "rules.py":
            yield from ast.walk(ast.parse(path.read_text()))


def emitted() -> set[str]:
    """Every rule that the code names; what it puts together must be known here."""
    found = list(nodes())
    texts = {str(node.value) for node in found if isinstance(node, ast.Constant)}
    patterns = {pattern(node) for node in found if isinstance(node, ast.JoinedStr)}
    assert {one for one in patterns if HEAD.match(one)} == COMPOSED.keys()
    return {one for one in texts if WHOLE.fullmatch(one)}.union(*COMPOSED.values())


def pattern(text: ast.JoinedStr) -> str:
    """An f-string with a star for each expression."""
    return "".join(str(p.value) if isinstance(p, ast.Constant) else "*" for p in text.values)


def test_every_rule_is_explained_and_none_is_invented() -> None:
    """What a finding may be called is in the table, and the table has nothing else."""
    assert emitted() == set(RULES)


def test_advice_is_for_rules_that_there_are() -> None:
    """No advice is lost to a rule's other name."""
    assert _BY_HAND.keys() <= RULES.keys()


def test_the_documentation_has_the_table() -> None:
    """docs/drift.md says of each rule what the program says."""
    text = (PROJECT / "docs/drift.md").read_text()
    for rule, meaning in RULES.items():
        assert f"| `{rule}` | {meaning} |" in text


def weaker() -> set[str]:
    """Rules of which some finding lets more happen than declared."""
    declared = worlds.stack()
    live = worlds.as_declared(declared)
    found = {
        finding.rule
        for case in CASES.values()
        for finding in compare(declared, case.change(live))
        if finding.direction is Direction.WEAKER
    }
    return found | SPECIAL


#: What takes a declaration or a state of its own to be weaker.
SPECIAL = {
    "environment/other_reviewer",
    "repository/default_branch",
    "repository/transferred",
    "repository/visibility",
    "role/other_repository",
}


def test_whatever_is_weaker_is_seen_and_repaired_or_it_is_said_why_not() -> None:
    """A row that says no has a sentence, and no sentence is about a row that does not."""
    table = documented.rows()
    assert table.keys() == RULES.keys()
    found = weaker()
    assert {rule for rule in found if not table[rule].seen.strip("()").startswith("yes")} == set()
    left = {rule for rule in found if table[rule].repaired.strip("()") == documented.NO}
    assert left == documented.reasons()
