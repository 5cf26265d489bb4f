import pytest

from components.config.github_api import rest_url
from components.config.problems import ConfigurationError


@pytest.mark.parametrize(
    ("base", "rest"),
    [
        (None, "https://api.github.com/"),
        ("https://api.github.com/", "https://api.github.com/"),
        ("https://github.com", "https://api.github.com/"),
        ("https://acme.ghe.com", "https://api.acme.ghe.com/"),
        ("https://api.acme.ghe.com/", "https://api.acme.ghe.com/"),
        ("https://github.acme.com", "https://github.acme.com/api/v3/"),
        ("https://github.acme.com/api/v3", "https://github.acme.com/api/v3/"),
        ("https://github.acme.com/api/v3/", "https://github.acme.com/api/v3/"),
        ("http://127.0.0.1:8080/", "http://127.0.0.1:8080/api/v3/"),
    ],
)
def test_the_address_is_what_the_provider_makes_of_it(base: str | None, rest: str) -> None:
    """Program and provider talk to the same GitHub, from the same variable."""
    assert rest_url(base) == rest


@pytest.mark.parametrize("base", ["github.acme.com", "nowhere", "//x"])
def test_what_is_no_address_is_refused(base: str) -> None:
    """The message names the variable and what to do."""
    with pytest.raises(ConfigurationError, match=r"GITHUB_BASE_URL: .* is no address"):
        rest_url(base)
