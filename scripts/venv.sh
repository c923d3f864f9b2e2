# Sourced by ./try and ./check: makes .venv and installs what is asked, only where something changed.
# Needs Python 3.11 or newer and nothing else. PYTHON names the interpreter, VENV the folder.

say() { printf '\033[1m── %s\033[0m\n' "$*"; }

find_python() {
    for candidate in "${PYTHON:-}" python3.11 python3.12 python3.13 python3 python; do
        [ -n "$candidate" ] && command -v "$candidate" >/dev/null 2>&1 || continue
        if "$candidate" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
            command -v "$candidate"
            return
        fi
    done
    echo "error: no Python 3.11 or newer found; set PYTHON to one" >&2
    return 1
}

# set_up WHAT: WHAT is what pip installs, for instance '.' or '.[dev]'
set_up() {
    venv="${VENV:-.venv}"
    stamp="$venv/installed-$(printf '%s' "$1" | tr -c 'a-z' '_')"
    wanted="$(cat pyproject.toml constraints.txt | cksum) $PWD"
    if [ -x "$venv/bin/python" ] && [ -f "$stamp" ] && [ "$(cat "$stamp")" = "$wanted" ]; then
        say "$venv is up to date"
        return
    fi
    python="$(find_python)" || exit 1
    if [ ! -x "$venv/bin/python" ]; then
        say "setting up $venv with $("$python" --version) (a few minutes)"
        # some systems ship Python without ensurepip: then the outer pip serves the new environment
        "$python" -m venv "$venv" 2>/dev/null || "$python" -m venv --without-pip "$venv"
    else
        say "bringing $venv up to date"
    fi
    if "$venv/bin/python" -m pip --version >/dev/null 2>&1; then
        "$venv/bin/python" -m pip install --disable-pip-version-check -c constraints.txt -e "$1"
    else
        "$python" -m pip --python "$venv/bin/python" install --disable-pip-version-check -c constraints.txt -e "$1"
    fi
    printf '%s' "$wanted" >"$stamp"
}
