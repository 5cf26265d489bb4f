#!/usr/bin/env bash
# Write the previews in a folder as one comment on pull request $NUMBER of $GITHUB_REPOSITORY, in
# place of the one before. $RUN is the address of the whole story; gh and GH_TOKEN do the asking.
set -euo pipefail
export LC_ALL=C # sizes are bytes, and no byte is taken for binary
marker="<!-- slipway preview -->"
#: A comment holds 65,536 characters (docs.github.com); all previews together get a little less.
budget=64000
#: Of that, what the lines around each preview take, fences of up to 40 characters among them.
around=400
body=$(mktemp)
text=$(mktemp)
trap 'rm -f "$body" "$text"' EXIT

# A fence that nothing in the text can close: it is longer than any run of tildes in there.
fence_around() {
  printf '~~~%s' "$(grep -ao '~\+' "$text" | sort | tail -n 1)"
}

printf '%s\n### What this change does to the stacks\n' "$marker" > "$body"
count=$(find "$1" -name '*.txt' | wc -l)
for file in "$1"/*.txt; do
  [ -e "$file" ] || continue
  stack=$(basename "$file" .txt)
  # Pulumi's own words alone: this line stands outside of the block.
  words='(to (create|update|delete|replace|import|read)|unchanged)'
  summary=$(grep -aEo "^ +([-+~=><]+ ?)?[0-9]{1,6} $words\$" "$file" | tail -n 6 | tr -s ' \n' ' ' || true)
  share=$((budget / count))
  room=$((share > around ? share - around : 0))
  head -c "$room" "$file" > "$text"
  fence=$(fence_around)
  if [ "${#fence}" -gt 40 ]; then
    head -c "$((room / 3))" "$file" > "$text" # each of the two fences may need as much
    fence=$(fence_around)
  fi
  {
    printf '\n<details><summary><b>%s</b>:%s</summary>\n\n%sdiff\n' "$stack" "${summary% }" "$fence"
    cat "$text"
    printf '\n%s\n</details>\n' "$fence"
  } >> "$body"
done
printf '\n[The whole run](%s)\n' "$RUN" >> "$body"
comments="repos/$GITHUB_REPOSITORY/issues/$NUMBER/comments"
id=$(gh api --paginate "$comments" --jq ".[] | select(.user.type == \"Bot\" and (.body | startswith(\"$marker\"))) | .id" | head -n 1)
if [ -n "$id" ]; then
  gh api --method PATCH "repos/$GITHUB_REPOSITORY/issues/comments/$id" --field "body=@$body" --silent
else
  gh api --method POST "$comments" --field "body=@$body" --silent
fi
