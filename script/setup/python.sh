# shellcheck shell=sh
# Sourced by the commands in script/: finds the project, and a Python that is new enough to set everything else up.
set -eu

PROJECT=$(dirname -- "$(dirname -- "$(readlink -f -- "$0")")")
SETUP="$PROJECT/script/setup"

# A closed standard input would hand its number to the next file that is opened.
{ true <&0; } 2>/dev/null || exec </dev/null

PYTHON=""
for candidate in python3 python3.14 python3.13 python3.12 python3.11; do
    if "$candidate" -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1; then
        PYTHON=$candidate
        break
    fi
done
if [ -z "$PYTHON" ]; then
    found=$(python3 -c 'import platform; print(platform.python_version())' 2>/dev/null || true)
    if [ -n "$found" ]; then
        printf '%s\n' "错误：需要 Python 3.11 或更高版本，本机的 python3 是 $found。 / Error: Python 3.11 or newer is needed; python3 here is $found." >&2
    else
        printf '%s\n' "错误：需要 Python 3.11 或更高版本，本机没有 python3。 / Error: Python 3.11 or newer is needed; there is no python3." >&2
    fi
    exit 1
fi
