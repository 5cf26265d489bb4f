"""Trusts that AWS or GitHub cannot carry out where the stack's GitHub is."""

import pytest

from components.config.problems import ConfigurationError
from components.config.stack_files import StackFiles
from tests.stacks import SETTINGS, WriteStack

SERVER = f"{SETTINGS}github: {{host: github.example.com}}\n"
SLUG_AT_GHE = f"{SETTINGS}github: {{host: octocorp.ghe.com, issuer_enterprise_slug: octo}}\n"
GHE = f"{SETTINGS}github: {{host: octocorp.ghe.com}}\n"
SLUG = f"{SETTINGS}github: {{issuer_enterprise_slug: octo}}\n"


def declared(trust: str) -> str:
    """A repository with this trust in prod."""
    return f"repository: a\nenvironments: {{prod: {{trust: {trust}}}}}\n"


@pytest.mark.parametrize(
    ("settings", "trust", "said"),
    [
        (SERVER, "{claims: pinned}", "prod.trust.claims: AWS reads no further claims from the"),
        (SLUG_AT_GHE, "{claims: pinned}", "issuer token.actions.octocorp.ghe.com/octo: write"),
        (SERVER, "{subject: both}", "subject: github.example.com is an Enterprise Server, whose"),
        (SERVER, "{subject: immutable}", "subjects have no ids: write `auto`"),
    ],
)
def test_a_trust_that_has_no_effect_there_is_refused(
    write_stack: WriteStack, settings: str, trust: str, said: str
) -> None:
    """AWS would refuse every job, so the declaration is refused, at its line."""
    with pytest.raises(ConfigurationError) as caught:
        StackFiles(write_stack(settings, a=declared(trust)))
    (problem,) = caught.value.problems
    assert str(problem).startswith("stacks/s/a.yaml:2: environments.prod.trust.")
    assert said in str(problem)


def test_a_server_cannot_know_a_next_name(write_stack: WriteStack) -> None:
    """Without ids the next name may be another repository's, so no role admits it beforehand."""
    text = "repository: a\nnext_name: b\n"
    with pytest.raises(ConfigurationError, match=r"a\.yaml:2: next_name: github\.example\.com is"):
        StackFiles(write_stack(SERVER, a=text))


@pytest.mark.parametrize("name", ["a", "acme/b", "acme@0/b", "acme@x/b", "b c"])
def test_a_next_name_is_a_name_with_the_owners_id(write_stack: WriteStack, name: str) -> None:
    """The present name, an owner without a numeric id, and what is no name are refused."""
    with pytest.raises(ConfigurationError, match=r"a\.yaml:2: next_name: "):
        StackFiles(write_stack(a=f"repository: a\nnext_name: {name}\n"))


@pytest.mark.parametrize("settings", [SETTINGS, GHE, SLUG])
@pytest.mark.parametrize("trust", ["{claims: pinned, subject: both}", "{subject: immutable}"])
def test_it_is_accepted_where_it_works(write_stack: WriteStack, settings: str, trust: str) -> None:
    """github.com, also with an enterprise's slug, and ghe.com."""
    StackFiles(write_stack(settings, a=declared(trust)))


def test_a_default_is_reported_where_it_stands(write_stack: WriteStack) -> None:
    """A trust in the stack's defaults is a problem of `_stack.yaml`."""
    defaults = "defaults: {environments: {prod: {trust: {claims: pinned}}}}\n"
    with pytest.raises(ConfigurationError, match=r"_stack.yaml:\d+: defaults.environments.prod"):
        StackFiles(write_stack(SERVER + defaults, a="repository: a\n"))


@pytest.mark.parametrize(
    ("trust", "said"),
    [
        ("{claims: pined}", "'pined'"),
        ("{subject: old}", "'old'"),
        ("{claims: null}", "found null, which this key does not allow"),
        ("{keep_subject_statement: null}", "found null, which this key does not allow"),
        ("{claim: pinned}", "claim"),
    ],
)
def test_a_wrong_word_is_named(write_stack: WriteStack, trust: str, said: str) -> None:
    """The message has the found value, and the key's place."""
    with pytest.raises(ConfigurationError) as caught:
        StackFiles(write_stack(a=declared(trust)))
    assert said in str(caught.value)


def test_the_layers_of_a_trust_are_merged(write_stack: WriteStack) -> None:
    """A repository changes one key of its stack's default, and keeps the others."""
    defaults = "defaults: {environments: {prod: {trust: {claims: pinned, subject: both}}}}\n"
    files = StackFiles(write_stack(SETTINGS + defaults, a=declared("{subject: auto}")))
    trust = files.stack.repositories[0].environment("prod").trust
    assert (trust.claims, trust.subject, trust.keep_subject_statement) == ("pinned", "auto", True)
