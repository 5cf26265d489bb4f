"""Addresses of findings' pages on GitHub and in AWS's console."""

import re
from dataclasses import replace
from typing import Any

import pytest

from components.model.delivery import ByPullRequest
from components.model.stack import Stack
from components.objects import kinds
from components.objects.kind import Key
from operations.diff.finding import Finding
from operations.live.observed import Observed
from operations.reports.as_html import as_html
from operations.reports.as_json import as_json
from operations.reports.as_markdown import as_markdown
from operations.reports.links import links
from operations.reports.text import print_reports
from operations.terminal.output import console
from tests.operations.diff import worlds
from tests.operations.keys import key
from tests.operations.reports.samples import HOSTILE, REVIEWERS, report

HOME = "https://github.com/acme/billing"
IAM = "https://console.aws.amazon.com/iam/home#"
PROVIDER = "arn%3Aaws%3Aiam%3A%3A111111111111%3Aoidc-provider%2Ftoken.actions.githubusercontent.com"


def link(object_: Key, field: str = "", rule: str = "", **given: Any) -> str:
    """Return the link of a finding of billing; `stack` and `observed` may be given."""
    finding = replace(REVIEWERS, object=object_, field=field, rule=rule)
    declared: Stack = given.get("stack") or worlds.stack()
    observed: Observed | None = given.get("observed")
    return links(declared, observed, [finding]).get((finding.place, field), "")


def moved(**changes: Any) -> Observed:
    """Return a world in which billing has other facts."""
    return worlds.with_repository(worlds.as_declared(worlds.stack()), **changes)


@pytest.mark.parametrize(
    ("words", "field", "rule", "expected"),
    [
        ("repository", "name", "repository/renamed", HOME),
        ("repository", "", "repository/missing", "https://github.com/acme"),
        ("repository", "visibility", "repository/visibility", f"{HOME}/settings"),
        ("environment prod", "reviewers", "", f"{HOME}/settings/environments"),
        ("environment prod, variable LEVEL", "", "", f"{HOME}/settings/environments"),
        ("environment prod, secret KEY", "", "", f"{HOME}/settings/environments"),
        ("branch a/b", "", "branch/missing", f"{HOME}/branches"),
        ("branch a/b", "protection", "", f"{HOME}/rules?ref=refs%2Fheads%2Fa%2Fb"),
        ("x.yml on a/b", "content", "", f"{HOME}/blob/a/b/.github/workflows/x.yml"),
        ("x.yml on tag v1", "name", "", f"{HOME}/blob/v1/.github/workflows/x.yml"),
        ("x.yml on a/b", "", "workflow/missing", f"{HOME}/tree/a/b"),
        ("pull request for main", "state", "", f"{HOME}/pulls"),
        ("role acme.billing-prod", "trust", "", f"{IAM}/roles/details/acme.billing-prod"),
        ("role r, inline policy p", "", "", f"{IAM}/roles/details/r"),
        (
            "OIDC provider of account 111111111111",
            "audiences",
            "",
            f"{IAM}/identity_providers/details/OPENID/{PROVIDER}",
        ),
    ],
)
def test_each_kind_has_the_page_of_its_object(
    words: str, field: str, rule: str, expected: str
) -> None:
    """Without live facts, a finding's link is made from its key and the declaration."""
    assert link(key(words), field, rule) == expected


def test_an_undeclared_role_has_the_page_of_its_name() -> None:
    """A role that no declaration names is found in its account's partition."""
    other = kinds.OTHER_ROLE.at("r", "111111111111")
    assert link(other, "trust") == f"{IAM}/roles/details/r"
    assert link(kinds.OTHER_ROLE.at("r", "999999999999"), "trust") == ""


def test_live_facts_lead_to_the_object_itself() -> None:
    """An environment's id, a renamed repository's page and a pull request's number are used."""
    world = worlds.with_environment(moved(html_url="http://127.0.0.1:80/acme/new"), "prod", id=7)
    assert (
        link(key("environment prod, secret KEY"), observed=world)
        == "http://127.0.0.1:80/acme/new/settings/environments/7/edit"
    )
    assert link(kinds.REPOSITORY.at(), "name", observed=world) == "http://127.0.0.1:80/acme/new"
    for url, page in ((f"{HOME}/pull/9", "/pull/9"), ("https://e.example/pull/9", "/pulls")):
        request = ByPullRequest(there=frozenset(), pending=("python-dev.yml",), url=url)
        world = moved(html_url=HOME, by_pull_request={"main": request})
        assert link(key("pull request for main"), "state", observed=world) == HOME + page


@pytest.mark.parametrize(
    "told",
    ["javascript:alert(1)", "https://evil@e.example/acme/billing", "", "https://e.example:x/y"],
)
def test_a_page_that_is_no_address_is_not_used(told: str) -> None:
    """If GitHub returns an unsafe address as the page, the link uses the declared repository's."""
    assert link(key("repository"), "name", observed=moved(html_url=told)) == HOME


def test_hostile_names_are_encoded() -> None:
    """A link has only characters that are valid in an address, whatever the names."""
    for kind in kinds.KINDS:
        made = link(kind.at(*(HOSTILE for _ in kind.parts)))
        assert re.fullmatch(r"[A-Za-z0-9:/._~%?=#-]*", made), made


@pytest.mark.parametrize(
    ("region", "host"),
    [
        ("cn-north-1", "console.amazonaws.cn"),
        ("us-gov-west-1", "console.amazonaws-us-gov.com"),
        ("eusc-de-east-1", "console.amazonaws-eusc.eu"),
        ("us-iso-east-1", ""),
    ],
)
def test_each_partition_has_its_console(region: str, host: str) -> None:
    """A role's link is in its account's partition; an isolated partition has none."""
    declared = worlds.stack()
    accounts = declared.settings.accounts
    everywhere = {
        name: getattr(accounts, name).model_copy(update={"region": region})
        for name in ("dev", "test", "prod")
    }
    settings = declared.settings.model_copy(
        update={"accounts": accounts.model_copy(update=everywhere)}
    )
    made = link(
        key("role acme.billing-prod"), stack=declared.model_copy(update={"settings": settings})
    )
    assert made == (f"https://{host}/iam/home#/roles/details/acme.billing-prod" if host else "")


def _linked(finding: Finding) -> tuple[str, Any]:
    made = replace(report(finding), links={(finding.place, finding.field): f"{HOME}/settings"})
    return f"{HOME}/settings", made


def test_every_form_has_each_rows_remedy_and_link(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Text, Markdown, page and JSON have the row's own remedy and its link."""
    monkeypatch.delenv("COLUMNS", raising=False)  # pytest-xdist sets it, and lines would be folded
    url, made = _linked(REVIEWERS)
    print_reports([made], console())
    text = capsys.readouterr().out
    assert f"slipway up acme\n{'':14}{url}\n" in text
    assert f"<code>slipway up acme</code> ([GitHub]({url})) |" in as_markdown([made])
    page = as_html([made])
    assert f'<code>slipway up acme</code><br><a href="{url}" rel="noopener noreferrer">' in page
    assert f'"remedy": "slipway up acme",\n          "link": "{url}"' in as_json([made])
