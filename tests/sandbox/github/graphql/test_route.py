"""GraphQL answers as docs.github.com/graphql says."""

from typing import Any

import pytest

from sandbox.github.store import Store
from tests.sandbox.github.conftest import ADMIN, MEMBER, OUTSIDER, Api

FILES = "... on Tree { entries { name type oid mode path object { ... on Blob { text } } } }"


def ask(api: Api, query: str, token: str = ADMIN, **variables: object) -> Any:
    """The body of the answer, whose status is always 200."""
    answer = api.client.post(
        "/api/graphql",
        json={"query": query, "variables": variables},
        headers={"Authorization": f"Bearer {token}"},
    )
    assert answer.status_code == 200, answer.text
    return answer.get_json()


def of_billing(api: Api, selection: str) -> Any:
    """The selected fields of the repository; the answer must have no errors."""
    told = ask(api, f'{{ repository(owner: "acme", name: "billing") {{ {selection} }} }}')
    assert "errors" not in told, told
    return told["data"]["repository"]


def test_many_repositories_in_one_query(api: Api) -> None:
    """Aliases select several; a missing one is null, and an error has its path."""
    told = ask(
        api,
        """query($owner: String!) {
          a: repository(owner: $owner, name: "billing") { ...facts }
          b: repository(owner: $owner, name: "gone") { ...facts }
          c: repository(owner: $owner, name: "old") { ...facts }
        }
        fragment facts on Repository { databaseId nameWithOwner isArchived isPrivate isEmpty }""",
        owner="acme",
    )
    facts = {"isPrivate": False, "isEmpty": False}
    assert told["data"] == {
        "a": {"databaseId": 41, "nameWithOwner": "acme/billing", "isArchived": False, **facts},
        "b": None,
        "c": {"databaseId": 44, "nameWithOwner": "acme/old", "isArchived": True, **facts},
    }
    (error,) = told["errors"]
    assert (error["type"], error["path"]) == ("NOT_FOUND", ["b"])
    assert error["message"] == "Could not resolve to a Repository with the name 'acme/gone'."


def test_an_owner_is_an_organisation_or_a_user(api: Api) -> None:
    """An owner is found by its login; an unknown one is null."""
    told = ask(
        api,
        """{
          a: repositoryOwner(login: "ACME") { login ... on Organization { databaseId } }
          b: repositoryOwner(login: "nobody") { login }
        }""",
    )
    id_ = api("GET", "/orgs/acme").get_json()["id"]
    assert told == {"data": {"a": {"login": "acme", "databaseId": id_}, "b": None}}


def test_a_former_name_is_followed_only_if_asked(api: Api) -> None:
    """`followRenames: false` finds a repository by its present name only."""
    api("PATCH", "/repos/acme/billing", {"name": "invoices"})
    parts = (
        'owner: "acme", name: "billing"',
        'owner: "acme", name: "billing", followRenames: false',
    )
    told = [ask(api, f"{{ repository({part}) {{ name }} }}")["data"] for part in parts]
    assert told == [{"repository": {"name": "invoices"}}, {"repository": None}]


def test_facts_are_those_of_rest(api: Api) -> None:
    """GraphQL and REST return the same facts."""
    rest = api("GET", "/repos/acme/billing").get_json()
    told = of_billing(
        api, "id createdAt name url visibility defaultBranchRef { name prefix target { oid } }"
    )
    branch = api("GET", "/repos/acme/billing/branches/main").get_json()
    assert told == {
        "id": rest["node_id"],
        "createdAt": rest["created_at"],
        "name": "billing",
        "url": rest["html_url"],
        "visibility": rest["visibility"].upper(),
        "defaultBranchRef": {
            "name": "main",
            "prefix": "refs/heads/",
            "target": {"oid": branch["commit"]["sha"]},
        },
    }


def test_folders_and_files_of_several_branches(api: Api) -> None:
    """An expression is a revision, a colon and a path; a missing object is null."""
    told = of_billing(
        api,
        f"""a: object(expression: "HEAD:src") {{ {FILES} }}
        b: object(expression: "develop:src/new.py") {{ ... on Blob {{ text byteSize }} }}
        c: object(expression: "main:nothing") {{ oid }}
        d: object(expression: "nothing:src") {{ oid }}""",
    )
    (entry,) = told["a"]["entries"]
    file = api("GET", "/repos/acme/billing/contents/src/app.py").get_json()
    assert entry == {
        "name": "app.py",
        "type": "blob",
        "oid": file["sha"],
        "mode": 0o100644,
        "path": "app.py",
        "object": {"text": "print()\n"},
    }
    assert told["b"] == {"text": "1\n", "byteSize": 2}
    assert told["c"] is told["d"] is None


def test_a_tag_goes_before_a_branch_of_its_name(api: Api, store: Store) -> None:
    """The short name is the tag (gitrevisions); the full name of the branch is the branch."""
    git = store.repositories[41].git
    branches = git.branches()
    git.set_ref("refs/tags/main", branches["develop"])
    told = of_billing(
        api,
        """a: object(expression: "main") { oid }
        b: object(expression: "refs/heads/main") { oid }""",
    )
    assert told["a"]["oid"] == branches["develop"]
    assert told["b"]["oid"] == branches["main"]


def test_objects_by_id_and_type(api: Api, store: Store) -> None:
    """An object is found by its id; the expression of a branch is its commit."""
    data = store.repositories[41].git
    main = data.branches()["main"]
    commit = data.commit(main)
    assert commit is not None
    told = of_billing(
        api,
        f"""a: object(expression: "main") {{ __typename oid ... on Commit {{ tree {{ oid }} }} }}
        b: object(oid: "{main}") {{ ... on Commit {{ message }} }}
        c: object(expression: "{commit.tree.decode()}") {{ __typename }}
        d: object(oid: "{"0" * 40}") {{ oid }}""",
    )
    assert told["a"] == {
        "__typename": "Commit",
        "oid": main,
        "tree": {"oid": commit.tree.decode()},
    }
    assert told["b"]["message"] == commit.message.decode()
    assert (told["c"], told["d"]) == ({"__typename": "Tree"}, None)


def test_a_binary_file_has_no_text(api: Api) -> None:
    """The text of a binary blob is null, as the schema documents."""
    api("PUT", "/repos/acme/billing/contents/b", {"message": "m", "content": "AAE="})
    told = of_billing(
        api, 'object(expression: "main:b") { ... on Blob { isBinary isTruncated text byteSize } }'
    )
    assert told["object"] == {"isBinary": True, "isTruncated": False, "text": None, "byteSize": 2}


def test_references_by_full_and_short_name(api: Api) -> None:
    """Full names precede short ones; an unknown name is null."""
    sha = api("GET", "/repos/acme/billing/branches/main").get_json()["commit"]["sha"]
    api("POST", "/repos/acme/billing/git/refs", {"ref": "refs/tags/v1", "sha": sha})
    told = of_billing(
        api,
        """a: ref(qualifiedName: "refs/heads/develop") { name prefix }
        b: ref(qualifiedName: "v1") { name prefix }
        c: ref(qualifiedName: "none") { name }""",
    )
    assert told["a"] == {"name": "develop", "prefix": "refs/heads/"}
    assert told["b"] == {"name": "v1", "prefix": "refs/tags/"}
    assert told["c"] is None


def test_environments_are_paged(api: Api) -> None:
    """Pages are sorted by name; the cursor leads to the end; a page size is required."""
    page = "nodes { name databaseId } totalCount pageInfo { hasNextPage endCursor }"
    first = of_billing(api, f"environments(first: 1) {{ {page} }}")["environments"]
    assert [node["name"] for node in first["nodes"]] == ["open"]
    assert (first["totalCount"], first["pageInfo"]["hasNextPage"]) == (2, True)
    after = first["pageInfo"]["endCursor"]
    rest = of_billing(api, f'environments(first: 9, after: "{after}") {{ {page} }}')["environments"]
    prod = api("GET", "/repos/acme/billing/environments/prod").get_json()
    assert rest["nodes"] == [{"name": "prod", "databaseId": prod["id"]}]
    assert not rest["pageInfo"]["hasNextPage"]


@pytest.mark.parametrize(
    ("arguments", "kind"),
    [
        ("", "MISSING_PAGINATION_BOUNDARIES"),
        ("(first: 101)", "EXCESSIVE_PAGINATION"),
        ('(first: 1, after: "?")', "INVALID_CURSOR_ARGUMENTS"),
    ],
)
def test_a_wrong_page_is_refused(api: Api, arguments: str, kind: str) -> None:
    """A page has 1 to 100 items, and its cursor must be one of GitHub's."""
    query = f'{{ repository(owner: "acme", name: "billing") {{ environments{arguments} {{'
    (error,) = ask(api, f"{query} totalCount }} }} }}")["errors"]
    assert error["type"] == kind


def test_an_empty_repository_has_no_branch(api: Api) -> None:
    """Before the first commit, default branch and objects are null."""
    selection = 'isEmpty defaultBranchRef { name } object(expression: "HEAD:") { oid }'
    told = ask(api, f'{{ repository(owner: "acme", name: "empty") {{ {selection} }} }}')
    assert told == {
        "data": {"repository": {"isEmpty": True, "defaultBranchRef": None, "object": None}}
    }


@pytest.mark.parametrize(("token", "seen"), [(ADMIN, 1), (MEMBER, 1), (OUTSIDER, 0)])
def test_a_hidden_repository_is_not_found(api: Api, token: str, seen: int) -> None:
    """A token that may not read a private repository gets the error for a missing one."""
    told = ask(api, '{ repository(owner: "acme", name: "hidden") { isPrivate } }', token)
    assert told["data"]["repository"] == ({"isPrivate": True} if seen else None)
    assert [error["type"] for error in told.get("errors", [])] == ([] if seen else ["NOT_FOUND"])


@pytest.mark.parametrize(
    ("token", "role"), [(ADMIN, "ADMIN"), (MEMBER, "READ"), (OUTSIDER, "READ"), ("app", None)]
)
def test_the_role_is_the_users(api: Api, token: str, role: str | None) -> None:
    """The role is the permission in REST's `permissions`, and null for an App (the schema)."""
    app = {"token": "app", "login": "boss", "kind": "app"}
    api.client.post("/_sandbox/seed", json={"tokens": [app]})
    query = '{ repository(owner: "acme", name: "billing") { viewerPermission } }'
    told = ask(api, query, token)
    assert told["data"]["repository"] == {"viewerPermission": role}


def test_an_installation_is_its_app(api: Api) -> None:
    """The viewer is the token's user, or the App's bot."""
    app = {"token": "app", "login": "boss", "kind": "app", "app": "change-gate"}
    api.client.post("/_sandbox/seed", json={"tokens": [app]})
    for token, login in (("app", "change-gate[bot]"), (ADMIN, "boss")):
        assert ask(api, "{ viewer { login } }", token)["data"] == {"viewer": {"login": login}}


def test_renames_are_followed_unless_told_otherwise(api: Api) -> None:
    """With `followRenames: false` the old name is an error, as the schema documents."""
    api("PATCH", "/repos/acme/billing", {"name": "bills"})
    told = ask(
        api,
        """{ a: repository(owner: "acme", name: "billing") { nameWithOwner }
        b: repository(owner: "acme", name: "billing", followRenames: false) { name }
        c: repository(owner: "acme", name: "bills", followRenames: false) { databaseId } }""",
    )
    assert told["data"] == {
        "a": {"nameWithOwner": "acme/bills"},
        "b": None,
        "c": {"databaseId": 41},
    }


@pytest.mark.parametrize(
    "query",
    [
        "{ viewer { email } }",
        '{ repository(owner: "acme", name: "billing") { stargazerCount } }',
        'mutation { deleteRef(input: {refId: "x"}) { clientMutationId } }',
    ],
)
def test_an_unserved_query_is_an_error(api: Api, query: str) -> None:
    """An unserved field is an error without data, and the request log lists it as unserved."""
    told = ask(api, query)
    assert "data" not in told
    assert told["errors"]
    log = api.client.get("/_sandbox/requests").get_json()
    assert log["unserved"] == [f"POST /graphql: {told['errors'][0]['message']}"]


def test_broken_syntax_and_bodies(api: Api) -> None:
    """A syntax error is an error; a body without JSON is 400; an unknown token is 401."""
    assert "Syntax Error" in ask(api, "{ repository(")["errors"][0]["message"]
    headers = {"Authorization": f"Bearer {ADMIN}"}
    assert api.client.post("/api/graphql", data="{", headers=headers).status_code == 400
    assert (
        api.client.post("/api/graphql", json={"query": "{ rateLimit { cost } }"}).status_code == 401
    )


def test_a_query_is_counted_and_writes_nothing(api: Api) -> None:
    """A query is a POST that only reads; it has its own rate limit."""
    told = ask(api, "{ rateLimit { cost limit remaining used resetAt } }")["data"]["rateLimit"]
    assert (told["cost"], told["used"]) == (1, 1)
    assert told["remaining"] == told["limit"] - 1
    core = api("GET", "/rate_limit").get_json()["resources"]
    assert (core["core"]["used"], core["graphql"]["used"]) == (0, 1)
    api("PUT", "/repos/acme/billing/environments/dev")
    log = api.client.get("/_sandbox/requests").get_json()
    assert {"method": "POST", "route": "/graphql", "count": 1} in log["routes"]
    assert (log["total"], log["writes"]) == (3, 1)


@pytest.mark.parametrize("status", [403, 502])
def test_faults_strike_it(api: Api, status: int) -> None:
    """Faults match GraphQL by the path /graphql."""
    kind = "secondary-limit" if status == 403 else "status"
    fault = {"kind": kind, "path": "^/graphql$", "status": status, "retry_after": 3}
    api.client.post("/_sandbox/faults", json=fault)
    headers = {"Authorization": f"Bearer {ADMIN}"}
    query = {"query": "{ rateLimit { cost } }"}
    struck = api.client.post("/api/graphql", json=query, headers=headers)
    assert struck.status_code == status
    assert ("Retry-After" in struck.headers) == (status == 403)
    assert api.client.post("/api/graphql", json=query, headers=headers).status_code == 200


def test_a_used_up_limit_is_an_error_of_200(api: Api) -> None:
    """The status is 200 and the remaining requests are 0 (docs.github.com/graphql/overview)."""
    api.client.post("/_sandbox/faults", json={"kind": "primary-limit", "path": "graphql"})
    headers = {"Authorization": f"Bearer {ADMIN}"}
    query = {"query": "{ rateLimit { cost } }"}
    answer = api.client.post("/api/graphql", json=query, headers=headers)
    assert answer.status_code == 200
    assert answer.headers["X-RateLimit-Remaining"] == "0"
    assert answer.get_json()["errors"][0]["type"] == "RATE_LIMITED"
