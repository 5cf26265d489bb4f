import re

from hypothesis import example, given
from hypothesis import strategies as st

from components.model.names import MAX_ROLE_NAME, role_name

owners = st.from_regex(r"[A-Za-z0-9][A-Za-z0-9-]{0,38}", fullmatch=True)
names = st.from_regex(r"[A-Za-z0-9._-]{1,100}", fullmatch=True)
environments = st.sampled_from(["dev", "test", "prod"])
triples = st.tuples(owners, names, environments)


def test_a_usual_name_reads_as_what_it_is() -> None:
    """A role's name consists of owner, repository and environment."""
    assert role_name("acme", "billing", "prod") == "acme.billing-prod"


@given(triples)
@example(("o" * 39, "r" * 100, "prod"))
def test_every_name_is_one_that_iam_accepts(triple: tuple[str, str, str]) -> None:
    """At most 64 characters of IAM's alphabet."""
    name = role_name(*triple)
    assert len(name) <= MAX_ROLE_NAME
    assert re.fullmatch(r"[\w+=,.@-]+", name)


@given(triples, triples)
def test_two_environments_never_share_a_role(
    one: tuple[str, str, str], other: tuple[str, str, str]
) -> None:
    """Different owners, repositories or environments have different names, case ignored."""
    same = [part.lower() for part in one] == [part.lower() for part in other]
    assert (role_name(*one).lower() == role_name(*other).lower()) == same


def test_hyphens_cannot_move_between_owner_and_repository() -> None:
    """a-b/c and a/b-c are different repositories."""
    assert role_name("a-b", "c", "dev") != role_name("a", "b-c", "dev")


def test_spelling_does_not_make_a_second_role() -> None:
    """Names that differ only in case get the same role, since GitHub and IAM ignore case."""
    upper, lower = role_name("acme", "X" * 100, "dev"), role_name("acme", "x" * 100, "dev")
    assert upper.lower() == lower


def test_long_names_that_differ_at_the_end_stay_apart() -> None:
    """Long names that differ only in the part that is cut off get different role names."""
    assert role_name("acme", "x" * 100, "dev") != role_name("acme", "x" * 100, "test")
