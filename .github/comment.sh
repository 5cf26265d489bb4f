#!/usr/bin/env bash
# Write the previews in a folder as one comment on pull request $NUMBER of $GITHUB_REPOSITORY, and
# replace the former comment. $RUN is the address of the run; gh sends the requests with GH_TOKEN.
set -euo pipefail
export LC_ALL=C # sizes are bytes, and no text counts as binary
marker="<!-- slipway preview -->"
#: A comment has at most 65,536 characters (docs.github.com); all previews together get fewer.
budget=64000
#: Part of it for the lines around each preview, including fences of up to 40 characters.
around=400
body=$(mktemp)
text=$(mktemp)
trap 'rm -f "$body" "$text"' EXIT

# A fence that the text cannot close: it is longer than any sequence of tildes in the text.
fence_around() {
  printf '~~~%s' "$(grep -ao '~\+' "$text" | sort | tail -n 1)"
}

printf '%s\n### What this change does to the stacks\n' "$marker" > "$body"
count=$(find "$1" -name '*.txt' | wc -l)
for file in "$1"/*.txt; do
  [ -e "$file" ] || continue
  stack=$(basename "$file" .txt)
  # Only Pulumi's own words, since this line is outside of the block.
  words='(to (create|update|delete|replace|import|read)|unchanged)'
  summary=$(grep -aEo "^ +([-+~=><]+ ?)?[0-9]{1,6} $words\$" "$file" | tail -n 6 | tr -s ' \n' ' ' || true)
  share=$((budget / count))
  room=$((share > around ? share - around : 0))
  head -c "$room" "$file" > "$text"
  fence=$(fence_around)
  if [ "${#fence}" -gt 40 ]; then
    head -c "$((room / 3))" "$file" > "$text" # each of the two fences may need as many bytes
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
