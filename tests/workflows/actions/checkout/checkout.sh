# Fetch $REF of $GITHUB_REPOSITORY into the empty workspace.
set -euo pipefail

git init --quiet --initial-branch=main .
git remote add origin "$GITHUB_SERVER_URL/$GITHUB_REPOSITORY.git"
# Not by `git config`: every process of the machine could read the token beside it.
credentials=$(mktemp "$RUNNER_TEMP/git-credentials-XXXXXXXX.config")
printf '[http "%s/"]\n\textraheader = AUTHORIZATION: basic %s\n' "$GITHUB_SERVER_URL" \
  "$(printf 'x-access-token:%s' "$TOKEN" | base64 | tr -d '\n')" > "$credentials"
included="includeIf.gitdir:$(git rev-parse --absolute-git-dir).path"
git config "$included" "$credentials"

depth=()
if [ "$DEPTH" != 0 ]; then
  depth=(--depth "$DEPTH")
fi
# GitHub gives any commit by its id, the sandbox's git server only the tip of a branch.
if ! git fetch --quiet --no-tags "${depth[@]}" origin "$REF" 2> "$RUNNER_TEMP/fetch.txt"; then
  if ! [[ "$REF" =~ ^[0-9a-f]{40}$ ]]; then
    cat "$RUNNER_TEMP/fetch.txt"
    exit 1
  fi
  git fetch --quiet --no-tags origin
  git update-ref FETCH_HEAD "$REF"
fi
git -c advice.detachedHead=false checkout --quiet FETCH_HEAD

if [ "$PERSIST" != true ]; then
  git config --unset "$included"
  rm "$credentials"
fi
if ! [[ "$NAMED" =~ ^[0-9a-f]{40}$ ]]; then
  echo "ref=$NAMED" >> "$GITHUB_OUTPUT"
fi
echo "commit=$(git rev-parse HEAD)" >> "$GITHUB_OUTPUT"
