from typing import Any

import pytest

from components.config.problems import ConfigurationError, ExitCode, Problem
from operations import refresh
from operations.state.stack_state import StateChangedError
from tests.operations.adoption import grown

EXPORT: dict[str, Any] = {"deployment": {"pending_operations": []}}


@pytest.mark.parametrize("locked", [True, False])
def test_what_an_update_has_open_that_goes_on_is_not_settled(
    monkeypatch: pytest.MonkeyPatch, *, locked: bool
) -> None:
    """Whose update it is, is told by the lock; where it has ended meanwhile, that it was there."""

    def changed(stack: str, *_: Any) -> None:
        raise StateChangedError([Problem(stack, 0, "", "has changed")], ExitCode.ERROR)

    def refreshing(*_: str) -> None:
        if locked:
            raise ConfigurationError([Problem("s", 0, "", "is in use by me")], ExitCode.ERROR)

    monkeypatch.setattr(refresh, "replace_state", changed)
    monkeypatch.setattr(refresh, "pulumi", refreshing)
    with pytest.raises(ConfigurationError, match="is in use by me" if locked else "has changed"):
        refresh._settle("s", EXPORT, grown.observed(grown.LEDGER))
