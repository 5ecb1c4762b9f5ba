# What the scripts say, sourced by each of them.
# shellcheck shell=bash

ROOT=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")/../.." && pwd -P)
# Everything a script installs for itself; `rm -rf` of it costs time, nothing else.
TOOLS=$ROOT/target/tools
export ROOT TOOLS

headline() { printf '\n==> %s\n' "$*"; }

warn() { printf '\n!!! %s\n' "$*" >&2; }

die() {
    warn "$*"
    exit 1
}
