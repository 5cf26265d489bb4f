#!/bin/bash
# The program `node` of a job. act starts it for each `hashFiles`, mostly for one file or none, and
# node starts in a time in which this script has answered. Everything else is node's: other
# programs, patterns with `**` or `!`, and several files, whose order matters.
really() {
  exec NODE "$@"
}

# act asks node for its path, and starts the program at this path for everything else.
if [[ $* == "--no-warnings -e console.log(process.execPath)" ]]; then
  echo "$0"
  exit
fi
[[ $1 == */hashfiles/index.js && $followSymbolicLinks != true && -n $patterns ]] || really "$@"
[[ $patterns == *'**'* || $patterns == *'!'* || $patterns == *' '* ]] && really "$@"
cd "$GITHUB_WORKSPACE" || exit 1
shopt -s nullglob dotglob
files=()
for name in $patterns; do
  [[ -d $name ]] && really "$@"
  [[ -f $name ]] && files+=("$name")
done
[[ ${#files[@]} -gt 1 ]] && really "$@"
hash=
if [[ ${#files[@]} = 1 ]]; then
  # docs: the hash of the files' hashes, as bytes.
  read -r hash _ < <(sha256sum < "${files[0]}")
  bytes=
  for ((at = 0; at < ${#hash}; at += 2)); do bytes+="\\x${hash:at:2}"; done
  read -r hash _ < <(printf '%b' "$bytes" | sha256sum)
fi
echo "__OUTPUT__${hash}__OUTPUT__" >&2
