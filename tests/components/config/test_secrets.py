import json

import pytest

from components.config.configured_secrets import config_path, left_over_values
from components.config.problems import ConfigurationError
from components.config.secrets import MAX_BYTES, collect_secrets
from components.config.stack_files import StackFiles
from components.model.stack import Account
from tests.stacks import WriteStack

MARKER = "marker-7f3a-value"
DECLARED = """\
repository: a
environments:
  prod:
    secrets:
      FROM_CONFIG: config
      FROM_ENV: {env: A_TOKEN}
      FROM_MANAGER: {secretsmanager: a/token}
      FROM_SSM: {ssm: /a/token}
"""


class Aws:
    """An account whose stores contain the values of the test."""

    def __init__(self, **values: str) -> None:
        self.values = values

    def secretsmanager(self, account: Account, name: str) -> str | None:
        """Answer by account and name."""
        return self.values.get(f"manager:{account.account_id}:{name}")

    def ssm(self, account: Account, name: str) -> str | None:
        """Answer by account and name."""
        return self.values.get(f"ssm:{account.account_id}:{name}")


FULL = Aws(**{"manager:333333333333:a/token": "m", "ssm:333333333333:/a/token": "s"})


def config(value: object) -> str:
    """The configuration key `secrets` as the engine passes it."""
    return json.dumps({"a": {"prod": {"FROM_CONFIG": value}}})


def test_each_source_gives_its_value(
    write_stack: WriteStack, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A value comes from the declared source, in the environment's own account."""
    monkeypatch.setenv("A_TOKEN", "e")
    values = collect_secrets(StackFiles(write_stack(a=DECLARED)), config(MARKER), FULL)
    assert {key[2]: value.get_secret_value() for key, value in values.items()} == {
        "FROM_CONFIG": MARKER,
        "FROM_ENV": "e",
        "FROM_MANAGER": "m",
        "FROM_SSM": "s",
    }
    assert MARKER not in repr(values)


def test_every_missing_value_is_named_with_its_remedy(
    write_stack: WriteStack, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A run without all values changes nothing: it reports each missing value with the remedy."""
    monkeypatch.delenv("A_TOKEN", raising=False)
    with pytest.raises(ConfigurationError) as caught:
        collect_secrets(StackFiles(write_stack(a=DECLARED)), None, Aws())
    options = "--secret --stack s --path 'secrets.a.prod.FROM_CONFIG'"
    assert [(p.line, p.text) for p in caught.value.problems] == [
        (
            5,
            f"secret FROM_CONFIG has no value: run pulumi config set {options}",
        ),
        (6, "secret FROM_ENV has no value: export A_TOKEN"),
        (7, "secret FROM_MANAGER has no value: put it into Secrets Manager as a/token"),
        (8, "secret FROM_SSM has no value: put it into SSM as /a/token"),
    ]


@pytest.mark.parametrize(
    ("value", "reason"),
    [
        ("", "is empty"),
        (" \n", "is empty"),
        (7, "is not text"),
        (MARKER * MAX_BYTES, f"is longer than GitHub's {MAX_BYTES} bytes"),
    ],
    ids=["empty", "blank", "number", "long"],
)
def test_an_unusable_value_is_refused_and_never_shown(
    write_stack: WriteStack, value: object, reason: str
) -> None:
    """The message names the secret and the reason, not the value."""
    files = StackFiles(
        write_stack(a="repository: a\nenvironments: {prod: {secrets: [FROM_CONFIG]}}\n")
    )
    with pytest.raises(ConfigurationError) as caught:
        collect_secrets(files, config(value), Aws())
    assert f"secret FROM_CONFIG {reason}: " in str(caught.value)
    assert MARKER not in str(caught.value)


def test_a_value_that_nothing_declares_is_refused(write_stack: WriteStack) -> None:
    """A misspelt path would leave the real secret unset; the value itself is not shown."""
    files = StackFiles(write_stack(a="repository: a\n"))
    with pytest.raises(ConfigurationError) as caught:
        collect_secrets(files, config(MARKER), Aws())
    assert str(caught.value).startswith("Pulumi.s.yaml: secrets.a.prod.FROM_CONFIG: no declaration")
    assert MARKER not in str(caught.value)


def test_a_value_under_a_former_name_is_thought_of(write_stack: WriteStack) -> None:
    """For a value under an undeclared name, the message suggests `previously`."""
    files = StackFiles(
        write_stack(b="repository: b\nenvironments: {prod: {secrets: [FROM_CONFIG, OTHER]}}\n")
    )
    with pytest.raises(ConfigurationError) as caught:
        collect_secrets(files, config(MARKER), Aws())
    one, other = caught.value.problems
    assert one.text.endswith("; or say `previously: a`, if that was its name")
    assert "previously" not in other.text


def test_values_of_an_offboarded_repository_stop_nothing(write_stack: WriteStack) -> None:
    """Values of a repository without a file are reported with the command that removes them."""
    files = StackFiles(write_stack(b="repository: b\npreviously: c\n"))
    assert collect_secrets(files, config(MARKER), Aws()) == {}
    (left,) = left_over_values(files, config(MARKER))
    assert str(left).startswith("Pulumi.s.yaml: secrets.a.prod.FROM_CONFIG: no declaration names")
    assert str(left).endswith("pulumi config rm --stack s --path 'secrets.a.prod.FROM_CONFIG'")
    assert MARKER not in str(left)
    assert left_over_values(files, None) == []


def test_a_value_of_a_secret_that_was_handed_over_stops_nothing(write_stack: WriteStack) -> None:
    """The run reports the value of an external secret and the command that removes it."""
    text = "repository: a\nenvironments: {prod: {secrets: {FROM_CONFIG: external}}}\n"
    files = StackFiles(write_stack(a=text))
    assert collect_secrets(files, config(MARKER), Aws()) == {}
    (left,) = left_over_values(files, config(MARKER))
    assert "secrets.a.prod.FROM_CONFIG: is declared `external`" in str(left)
    assert str(left).endswith("pulumi config rm --stack s --path 'secrets.a.prod.FROM_CONFIG'")
    assert MARKER not in str(left)


@pytest.mark.parametrize("name", ["b", "B", "c"])
def test_a_declared_repositorys_values_are_no_leftovers(write_stack: WriteStack, name: str) -> None:
    """A value of a declared repository is no leftover but a mistake, under any of its names."""
    files = StackFiles(write_stack(b="repository: b\npreviously: c\n"))
    configured = json.dumps({name: {"prod": {"TOKEN": MARKER}}})
    assert left_over_values(files, configured) == []
    with pytest.raises(ConfigurationError):
        collect_secrets(files, configured, Aws())


def test_a_value_in_clear_is_refused_and_not_shown(write_stack: WriteStack) -> None:
    """Without --secret the value stands in a committed file; the run says so and stops."""
    folder = write_stack(a="repository: a\nenvironments: {prod: {secrets: [ONE, TWO]}}\n")
    text = f"config:\n  slipway:secrets:\n    a:\n      prod:\n        ONE: {MARKER}\n"
    text += "        TWO:\n          secure: v1:abc\n"
    (folder.parent / "Pulumi.s.yaml").write_text(text, encoding="utf-8")
    values = json.dumps({"a": {"prod": {"ONE": MARKER, "TWO": "x"}}})
    with pytest.raises(ConfigurationError) as caught:
        collect_secrets(StackFiles(folder), values, Aws())
    (problem,) = caught.value.problems
    assert str(problem).startswith("stacks/Pulumi.s.yaml:5: config.slipway:secrets.a.prod.ONE: is")
    assert MARKER not in str(problem)


def test_a_dotted_repository_name_is_quoted_in_the_remedy() -> None:
    """Pulumi splits --path at dots, except within brackets."""
    assert config_path(("my.repo", "prod", "KEY")) == 'secrets["my.repo"].prod.KEY'


def test_a_secret_of_others_needs_no_value(write_stack: WriteStack) -> None:
    """An `external` secret needs no value: slipway neither writes nor reads it."""
    declared = "repository: a\nenvironments: {prod: {secrets: {TOKEN: external}}}\n"
    assert collect_secrets(StackFiles(write_stack(a=declared)), None, Aws()) == {}


def test_a_renamed_repository_keeps_its_values(write_stack: WriteStack) -> None:
    """Values under a former name are found, and are no leftovers; the present name wins."""
    declared = "repository: b\npreviously: a\nenvironments: {prod: {secrets: [KEY]}}\n"
    files = StackFiles(write_stack(b=declared))
    former = {"a": {"prod": {"KEY": "old"}}}
    (value,) = collect_secrets(files, json.dumps(former), Aws()).values()
    assert value.get_secret_value() == "old"
    both = former | {"b": {"prod": {"KEY": "new"}}}
    (value,) = collect_secrets(files, json.dumps(both), Aws()).values()
    assert value.get_secret_value() == "new"
