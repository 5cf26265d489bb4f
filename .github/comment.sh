#!/usr/bin/env bash
# Write the previews in a folder as one comment on pull request $NUMBER of $GITHUB_REPOSITORY, in
# place of the one before. $RUN is the address of the whole story; gh and GH_TOKEN do the asking.
set -euo pipefail
marker="<!-- slipway preview -->"
#: A comment holds 65,536 characters (docs.github.com); all previews together get a little less.
budget=60000
body=$(mktemp)
trap 'rm -f "$body"' EXIT
printf '%s\n### What this change does to the stacks\n' "$marker" > "$body"
count=$(find "$1" -name '*.txt' | wc -l)
for file in "$1"/*.txt; do
  [ -e "$file" ] || continue
  stack=$(basename "$file" .txt)
  # Pulumi's own words alone: this line stands outside of the block.
  words='(to (create|update|delete|replace|import|read)|unchanged)'
  summary=$(grep -Eo "^ +([-+~=><]+ ?)?[0-9]+ $words\$" "$file" | tail -n 6 | tr -s ' \n' ' ' || true)
  {
    printf '\n<details><summary><b>%s</b>:%s</summary>\n\n~~~~~~~~diff\n' "$stack" "${summary% }"
    # A line of the preview must not end the block.
    head -c "$((budget / count))" "$file" | sed 's/^\( *\)~~~~~~~~/\1 ~~~~~~~~/'
    printf '\n~~~~~~~~\n</details>\n'
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
