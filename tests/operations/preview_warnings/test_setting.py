import pulumi
import pytest

from components.config.problems import ConfigurationError
from operations.preview_warnings.setting import look_setting


@pytest.fixture
def configured(monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """The stack's configuration of the project `slipway`."""
    config: dict[str, str] = {}
    monkeypatch.delenv("SLIPWAY_LOOK", raising=False)
    monkeypatch.setattr(pulumi.Config, "get", lambda _self, key: config.get(key))
    monkeypatch.setattr(pulumi, "get_project", lambda: "slipway")
    monkeypatch.setattr(pulumi, "get_stack", lambda: "acme")
    return config


def test_the_default_is_to_warn(
    configured: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The default is `warn`; configuration overrides it, and the environment overrides both."""
    assert look_setting() == "warn"
    configured["look"] = "fail"
    assert look_setting() == "fail"
    monkeypatch.setenv("SLIPWAY_LOOK", "off")
    assert look_setting() == "off"


def test_another_word_is_a_problem(configured: dict[str, str]) -> None:
    """Another word is a problem that lists the allowed ones."""
    configured["look"] = "loud"
    with pytest.raises(ConfigurationError, match="'loud' is not one of `warn`, `fail` and `off`"):
        look_setting()
