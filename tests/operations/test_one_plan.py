import stat
from pathlib import Path

import pytest

from operations import one_plan
from operations.one_plan import carry_out, plan_file


def test_a_plan_is_its_users_alone_and_goes() -> None:
    """It holds what a state holds: nobody else reads it, nothing of it stays."""
    with plan_file() as file:
        file.write_text("{}")
        assert stat.S_IMODE(file.parent.stat().st_mode) == 0o700
    assert not file.parent.exists()


def test_an_interruption_leaves_no_plan() -> None:
    """Ctrl-C is no reason to leave a state lying about."""
    found: list[Path] = []

    def interrupted() -> None:
        with plan_file() as file:
            file.write_text("{}")
            found.append(file)
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        interrupted()
    assert not found[0].parent.exists()


def test_an_update_is_held_to_the_plan(monkeypatch: pytest.MonkeyPatch) -> None:
    """Pulumi refuses what is not in it; outputs that an interruption cuts short are not shown."""
    run: list[tuple[str, ...]] = []

    def shown(*arguments: str) -> int:
        run.append(arguments)
        return 0

    monkeypatch.setattr(one_plan, "pulumi_shown", shown)
    assert carry_out("s", Path("F")) == 0
    (arguments,) = run
    assert arguments[arguments.index("--plan") + 1] == "F"
    assert "--suppress-outputs" in arguments
