from pathlib import Path

import pytest

from components.config.github_address import check_configured_address, rest_url
from components.config.problems import ConfigurationError
from components.config.stack_files import StackFiles
from components.model.github_host import GITHUB_COM, GitHubHost
from tests.stacks import WriteStack


@pytest.mark.parametrize(
    ("base", "rest"),
    [
        (None, "https://api.github.com/"),
        ("https://www.github.com/", "https://api.github.com/"),
        ("https://api.github.com/", "https://api.github.com/"),
        ("https://github.com", "https://api.github.com/"),
        ("http://127.0.0.1:8080/", "http://127.0.0.1:8080/api/v3/"),
        ("http://127.0.0.1:8080/api/v3", "http://127.0.0.1:8080/api/v3/"),
        ("http://[::1]:8080/api/v3/", "http://[::1]:8080/api/v3/"),
        ("http://localhost:8080", "http://localhost:8080/api/v3/"),
    ],
)
def test_the_address_is_what_the_provider_makes_of_it(base: str | None, rest: str) -> None:
    """Program and provider derive the same API address from the same GITHUB_BASE_URL."""
    assert rest_url(GITHUB_COM, base) == rest


@pytest.mark.parametrize(
    ("host", "rest", "bases"),
    [
        (
            "octocorp.ghe.com",
            "https://api.octocorp.ghe.com/",
            ("https://octocorp.ghe.com", "https://api.octocorp.ghe.com/"),
        ),
        (
            "github.example.com",
            "https://github.example.com/api/v3/",
            ("https://github.example.com", "https://github.example.com/api/v3/"),
        ),
    ],
)
def test_the_declared_github_is_asked(host: str, rest: str, bases: tuple[str, ...]) -> None:
    """GITHUB_BASE_URL may repeat the declared address, name the sandbox, or be unset."""
    declared = GitHubHost(host=host)
    assert rest_url(declared, None) == rest
    assert {rest_url(declared, base) for base in bases} == {rest}
    assert rest_url(declared, "http://127.0.0.1:8080/") == "http://127.0.0.1:8080/api/v3/"
    words = f"is not {host}, whose id-tokens .*`github: {{host: github.com}}`"
    with pytest.raises(ConfigurationError, match=words):
        rest_url(declared, "https://api.github.com/")


@pytest.mark.parametrize(
    ("base", "words"),
    [
        ("github.acme.com", "is no address"),
        ("nowhere", "is no address"),
        ("//x", "is no address"),
        ("ftp://127.0.0.1/", "is no address"),
        ("http://[::1", "is no address"),
        ("http://github.com/", "in clear"),
        ("http://127.0.0.1.acme.com/", "in clear"),
        ("https://acme.ghe.com", r"is not github.com.*`github: \{host: acme.ghe.com\}`"),
        ("https://api.acme.ghe.com", r"is not github.com.*`github: \{host: acme.ghe.com\}`"),
        ("https://github.acme.com/api/v3", r"`github: \{host: github.acme.com\}`"),
        ("https://github.com.acme.com", "is not github.com"),
        ("https://github.com:8443", "is not github.com"),
        ("https://github.com/acme", "is not github.com"),
    ],
)
def test_any_other_address_is_refused(base: str, words: str) -> None:
    """An address that is malformed, unencrypted or of another GitHub is refused."""
    with pytest.raises(ConfigurationError, match=rf"^GITHUB_BASE_URL: .*{words}"):
        rest_url(GITHUB_COM, base)


@pytest.mark.parametrize(
    "base", ["https://me:marker@github.com/", "marker@host", "http://marker@127.0.0.1:bad/"]
)
def test_what_is_secret_in_an_address_is_not_shown(base: str) -> None:
    """A password or token before the host is refused, and reaches no message."""
    with pytest.raises(ConfigurationError) as caught:
        rest_url(GITHUB_COM, base)
    assert "marker" not in str(caught.value)


def test_one_place_says_where_github_is(monkeypatch: pytest.MonkeyPatch) -> None:
    """GITHUB_BASE_URL and `github:baseUrl` must name one GitHub: ids differ between two."""
    monkeypatch.setenv("GITHUB_BASE_URL", "http://127.0.0.1:8080/")
    check_configured_address(GITHUB_COM, None)
    check_configured_address(GITHUB_COM, "http://127.0.0.1:8080/api/v3")
    with pytest.raises(ConfigurationError, match=r"^github:baseUrl: is another GitHub"):
        check_configured_address(GITHUB_COM, "https://api.github.com/")


@pytest.mark.parametrize(
    ("configured", "words"),
    [
        ("http://127.0.0.1:8080/", None),
        ("https://api.github.com/", "is another GitHub than slipway asks"),
        ("https://acme.ghe.com", "is not github.com"),
        ("https://marker@github.com", "has a user or password in it"),
        ("7", "is another GitHub"),
        ("[]", "is another GitHub"),
        ("null", None),
    ],
)
def test_commands_without_the_program_heed_the_configuration(
    write_stack: WriteStack, monkeypatch: pytest.MonkeyPatch, configured: str, words: str | None
) -> None:
    """`validate --live`, `drift`, `adopt` and `refresh` use the same GitHub as the provider."""
    monkeypatch.setenv("GITHUB_BASE_URL", "http://127.0.0.1:8080/")
    folder = write_stack(a="repository: a\n")
    file = folder.parent / "Pulumi.s.yaml"
    file.write_text(f"config:\n  github:owner: acme\n  github:baseUrl: {configured}\n")
    if words is None:
        StackFiles(folder)
        return
    assert_refused(folder, 3, words)


@pytest.mark.parametrize(
    ("key", "value", "words"),
    [
        ("github:owner", "umbrella", "is another owner than `owner` of _stack.yaml"),
        ("github:owner", "Acme", None),
        ("github:token", "{secure: marker}", "is not read: export it as GITHUB_TOKEN"),
        ("github:appAuth", "{id: 1}", "is not read"),
        ("github:writeDelayMs", "0", None),
    ],
)
def test_what_the_provider_would_not_read_is_refused(
    write_stack: WriteStack, key: str, value: str, words: str | None
) -> None:
    """A setting that would have no effect is refused, and no message shows the token."""
    folder = write_stack(a="repository: a\n")
    (folder.parent / "Pulumi.s.yaml").write_text(f"config:\n  {key}: {value}\n")
    if words is None:
        StackFiles(folder)
        return
    assert_refused(folder, 2, words)


def assert_refused(folder: Path, line: int, words: str) -> None:
    """The stack is refused for one line of its configuration, and no secret of it is shown."""
    with pytest.raises(ConfigurationError) as caught:
        StackFiles(folder)
    (problem,) = caught.value.problems
    assert (problem.file, problem.line) == ("stacks/Pulumi.s.yaml", line)
    assert words in problem.text
    assert "marker" not in str(caught.value)


def test_each_address_is_blamed_for_itself(
    write_stack: WriteStack, monkeypatch: pytest.MonkeyPatch
) -> None:
    """If one of the two addresses is wrong, the message names it: variable or configuration."""
    folder = write_stack(a="repository: a\n")
    file = folder.parent / "Pulumi.s.yaml"
    file.write_text("config: {'github:baseUrl': 'https://github.com'}\n")
    monkeypatch.setenv("GITHUB_BASE_URL", "https://acme.ghe.com")
    for look in (
        lambda: StackFiles(folder),
        lambda: check_configured_address(GITHUB_COM, "https://github.com"),
    ):
        with pytest.raises(ConfigurationError, match=r"^GITHUB_BASE_URL: .* is not github.com"):
            look()
    monkeypatch.setenv("GITHUB_BASE_URL", "https://github.com")
    with pytest.raises(ConfigurationError, match=r"^github:baseUrl: .* is not github.com"):
        check_configured_address(GITHUB_COM, "https://acme.ghe.com")
