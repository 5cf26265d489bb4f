import pytest
from pydantic import ValidationError

from components.model.trust import Trust


def test_a_statement_is_dropped_for_a_pinned_one_only() -> None:
    """Without pinned claims the subject alone opens the role, so `false` would mislead."""
    with pytest.raises(ValidationError, match="acts with `claims: pinned` only"):
        Trust(keep_subject_statement=False)
    assert not Trust(claims="pinned", keep_subject_statement=False).admits_subject_alone
    assert Trust(claims="pinned").admits_subject_alone
    assert Trust().admits_subject_alone
