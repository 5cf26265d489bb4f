import re
from pathlib import Path

from operations import drifting
from operations.drifting.rules import RULES
from operations.terminal import PROJECT

SOURCES = Path(str(drifting.__file__)).parent
WRITTEN = re.compile(r'"((?:[a-z_]+)/[a-z_]+)"')
#: Rules whose names are put together of two words.
COMPOSED = {
    "environment/extra_branch_policy",
    "environment/missing_branch_policy",
    "plan/replace",
    "plan/update",
}


def emitted() -> set[str]:
    """Every rule that the code names."""
    texts = (path.read_text() for path in SOURCES.glob("*.py") if path.name != "rules.py")
    return {rule for text in texts for rule in WRITTEN.findall(text)} | COMPOSED


def test_every_rule_is_explained_and_none_is_invented() -> None:
    """What a finding may be called is in the table, and the table has nothing else."""
    assert emitted() == set(RULES)


def test_the_documentation_has_the_table() -> None:
    """docs/drift.md says of each rule what the program says."""
    text = (PROJECT / "docs/drift.md").read_text()
    for rule, meaning in RULES.items():
        assert f"| `{rule}` | {meaning} |" in text
