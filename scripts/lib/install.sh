# Installs what the scripts need beyond a Rust toolchain; does nothing where it is already there.
# Sourced after say.sh. Debian packages come from apt, the rest goes to target/tools.
# shellcheck shell=bash

CARGO_DENY_VERSION=0.20.2
READERS=$TOOLS/readers
PYTHON_ENV=$TOOLS/python

as_root() {
    if [ "$(id -u)" -eq 0 ]; then
        "$@"
    elif command -v sudo >/dev/null; then
        sudo -- "$@"
    else
        die "cannot run \`$*\`: neither root nor sudo is at hand; run it by hand and start again"
    fi
}

# apt_install PACKAGE…
apt_install() {
    command -v apt-get >/dev/null || die "no apt-get here; install what Debian calls: $*"
    as_root apt-get update --quiet || die "\`apt-get update\` failed; these packages are missing: $*"
    as_root env DEBIAN_FRONTEND=noninteractive apt-get install --quiet --yes --no-install-recommends "$@" ||
        die "\`apt-get install $*\` failed"
}

# The packages whose effect is absent. Asked by effect and not by package name: a compiler, an interpreter or
# a Node.js that came another way serves as well.
missing_packages() {
    { command -v cc && command -v c++; } >/dev/null || echo build-essential
    command -v pkg-config >/dev/null || echo pkg-config
    pkg-config --exists libical 2>/dev/null || echo libical-dev
    python3 -c 'import ensurepip, venv' 2>/dev/null || echo python3 python3-venv
    { command -v node && command -v npm; } >/dev/null || echo nodejs npm
    command -v chromium >/dev/null || echo chromium
    # Pages are looked at in scripts that a minimal system cannot draw.
    has_font_for ar || echo fonts-noto-core
    has_font_for ja || echo fonts-noto-cjk
}

# has_font_for LANGUAGE
has_font_for() { fc-list ":lang=$1" 2>/dev/null | grep --quiet .; }

install_packages() {
    local missing
    read -r -d '' -a missing < <(missing_packages) || true
    [ ${#missing[@]} -eq 0 ] || apt_install "${missing[@]}"
}

# A toolchain with the minimal profile has neither.
install_rust_components() {
    command -v cargo >/dev/null || die "cargo is not in PATH; install Rust first: https://rustup.rs"
    local component
    for component in clippy fmt; do
        cargo "$component" --version >/dev/null 2>&1 && continue
        command -v rustup >/dev/null || die "\`cargo $component\` is missing and there is no rustup to add it"
        rustup component add "${component/#fmt/rustfmt}" || die "\`rustup component add\` failed for $component"
    done
}

install_python_env() {
    local wanted="$ROOT/tests/readers/python/requirements.txt" speller="$ROOT/scripts/lib/requirements.txt"
    local stamp=$PYTHON_ENV/installed
    cat "$wanted" "$speller" | cmp --quiet - "$stamp" && return
    python3 -m venv --clear "$PYTHON_ENV" || die "\`python3 -m venv\` failed; is python3-venv installed?"
    "$PYTHON_ENV/bin/pip" install --quiet --disable-pip-version-check --require-hashes -r "$wanted" -r "$speller" ||
        die "pip cannot install what tests/readers/python/requirements.txt and scripts/lib/requirements.txt name"
    cat "$wanted" "$speller" >"$stamp"
}

# write_executable FILE, from stdin
write_executable() {
    cat >"$1"
    chmod +x "$1"
}

install_python_icalendar() {
    install_python_env
    write_executable "$READERS/python-icalendar" <<EOF
#!/bin/sh
exec "$PYTHON_ENV/bin/python" "$ROOT/tests/readers/python/read.py"
EOF
    # Nowhere but in the environment: the zones of the machine may be of any age.
    write_executable "$READERS/python-occurrences" <<EOF
#!/bin/sh
PYTHONTZPATH= exec "$PYTHON_ENV/bin/python" "$ROOT/tests/readers/python/occurrences.py" "\$@"
EOF
    write_executable "$READERS/python-feeds" <<EOF
#!/bin/sh
PYTHONTZPATH= exec "$PYTHON_ENV/bin/python" -W ignore "$ROOT/tests/readers/python/feeds.py" "\$@"
EOF
}

install_ical_js() {
    local source=$ROOT/tests/readers/js target=$TOOLS/ical-js
    mkdir -p "$target"
    # Node.js looks for the library beside the program, and the source tree shall stay clean.
    cp "$source/read.mjs" "$source/package.json" "$target/"
    if ! cmp --quiet "$source/package-lock.json" "$target/package-lock.json"; then
        cp "$source/package-lock.json" "$target/"
        (cd "$target" && npm ci --silent --no-audit --no-fund) || {
            rm -f "$target/package-lock.json"
            die "npm cannot install what tests/readers/js/package-lock.json names"
        }
    fi
    write_executable "$READERS/ical-js" <<EOF
#!/bin/sh
exec node "$target/read.mjs"
EOF
}

# The tests of the pages, with what they need beside the browser.
install_browser_tests() {
    local source=$ROOT/tests/browser target=$TOOLS/browser
    install_packages
    mkdir -p "$target"
    # Node.js looks for libraries beside the program, and the source tree shall stay clean.
    cp "$source"/*.mjs "$source/package.json" "$target/"
    cmp --quiet "$source/package-lock.json" "$target/package-lock.json" && return
    cp "$source/package-lock.json" "$target/"
    (cd "$target" && npm ci --silent --no-audit --no-fund) || {
        rm -f "$target/package-lock.json"
        die "npm cannot install what tests/browser/package-lock.json names"
    }
}

install_libical() {
    local source=$ROOT/tests/readers/libical/read.c flags
    [ "$READERS/libical" -nt "$source" ] && return
    read -r -a flags < <(pkg-config --cflags --libs libical)
    cc -std=c11 -O1 -Wall -Wextra -o "$READERS/libical" "$source" "${flags[@]}" ||
        die "tests/readers/libical/read.c does not compile"
}

install_readers() {
    install_packages
    mkdir -p "$READERS"
    install_python_icalendar
    install_ical_js
    install_libical
    "$PYTHON_ENV/bin/python" "$ROOT/tests/readers/check.py" "$READERS" || die "a calendar reader is wrong (see above)"
}

# Unoptimised: building it then takes about a minute, and checking this crate two seconds.
install_cargo_deny() {
    [ "$("$TOOLS/bin/cargo-deny" --version 2>/dev/null)" = "cargo-deny $CARGO_DENY_VERSION" ] && return
    CARGO_PROFILE_DEV_DEBUG=0 CARGO_INCREMENTAL=0 cargo install --quiet cargo-deny \
        --version "$CARGO_DENY_VERSION" --locked --debug --root "$TOOLS" --target-dir "$TOOLS/build" ||
        die "cargo cannot install cargo-deny $CARGO_DENY_VERSION"
    rm -rf "$TOOLS/build"
}
