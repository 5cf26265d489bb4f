import pytest

from tests.mutants.survivors import Mutant, deviations, function_of, known, read_diff

DIFF = """\
--- a/components/x.py
+++ b/components/x.py
@@ -1,3 +1,3 @@
 def f():
-    return a + b
+    return a - b
"""
MUTANT = Mutant("components.x.f", "return a + b", "return a - b")


def test_a_mutant_is_told_by_its_function_and_lines() -> None:
    """The class of a method is part of a mutant; mutmut's number is not."""
    assert read_diff("components.x.x_f__mutmut_3", DIFF) == MUTANT
    assert read_diff("components.x.x_f__mutmut_7", DIFF) == MUTANT
    assert function_of("components.x.xǁCoverǁ_kind__mutmut_1") == "components.x.Cover._kind"
    with pytest.raises(ValueError, match="no name of a mutant"):
        function_of("components.x.f")


def test_every_deviation_from_the_list_is_told() -> None:
    """A new survivor, a listed one that is found, and a missing reason are deviations."""
    assert deviations([MUTANT], {MUTANT: "equal by IAM's rules"}) == []
    assert deviations([MUTANT], {})[0].startswith("survived, and is not listed: components.x.f")
    assert deviations([], {MUTANT: "any"})[0].startswith("listed, and is found now")
    assert deviations([MUTANT], {MUTANT: " "})[0].startswith("has no reason")


def test_every_listed_survivor_has_a_reason() -> None:
    """The list can be read, and each of its mutants has a reason."""
    assert [one for one, reason in known().items() if len(reason.split()) < 3] == []
