"""A tool that starts again with the same files, variables and arguments: its first result is kept.

The jobs of two profiles start Flake8 and pytest alike, and differ in what the shell makes of the
result. `HEAD` is the beginning of such a tool's program. If a job has a folder for kept results
(KEPT_RESULTS), the program writes down its output, its exit code and the files of the checkout; a
start with the same digest of folder, arguments, variables and files takes these, without Python.
Deliberately absent: tools that remove files or write outside of the checkout, and results whose
output is not one stream: such a start is a real one.
"""

from typing import Final

#: Programs whose results are kept.
TOOLS: Final = ("flake8", "pytest")
#: For the shell these are the first lines, for Python they are one text.
HEAD: Final = """#!/bin/sh
''':'
itself() { "${0%/*}/python" "$0" "$@"; }
if [ -z "$KEPT_RESULTS" ] || ! [ /dev/stdout -ef /dev/stderr ]; then
  itself "$@"; exit
fi
files() { find "$GITHUB_WORKSPACE" -type f -exec sha256sum {} + | sort; }
key=$({ pwd; printf '%s\\n' "$0" "$@"; env | sort; files; } | sha256sum)
kept="$KEPT_RESULTS/${key%% *}"
if [ -d "$kept" ]; then
  cp -a "$kept/files/." "$GITHUB_WORKSPACE"
else
  mkdir -p "$kept.unfinished"
  itself "$@" > "$kept.unfinished/output" 2>&1
  echo $? > "$kept.unfinished/code"
  cp -a "$GITHUB_WORKSPACE" "$kept.unfinished/files"
  mv "$kept.unfinished" "$kept"
fi
cat "$kept/output"
exit "$(cat "$kept/code")"
' '''
"""
