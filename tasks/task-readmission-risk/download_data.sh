#!/usr/bin/env bash
# Fetch diabetic_data.csv (Diabetes 130-US Hospitals, UCI 296, CC BY 4.0) into ./data beside this
# script, and check its SHA-256. Doing it again is harmless: a good file is kept, and what is there
# is replaced only by a good one. Nothing half-written is left behind.
#
#   ./download_data.sh [ARCHIVE]
#
# ARCHIVE               a copy of the archive that is already on this machine; nothing is fetched
# AUTODS_DOWNLOAD_URL   another place to fetch the archive from (http, https or file)
[ -n "${BASH_VERSION:-}" ] || exec bash "$0" "$@"
set -euo pipefail

readonly URL="${AUTODS_DOWNLOAD_URL:-https://archive.ics.uci.edu/static/public/296/diabetes+130-us+hospitals+for+years+1999-2008.zip}"
readonly SHA256=0689e7ec031237dc63031b938805c48377748761a3b26acab621567afa24df97
readonly NAME=diabetic_data.csv
here="$(CDPATH='' cd -- "$(dirname -- "${BASH_SOURCE[0]}")" && pwd)"
readonly DATA="$here/data"

say() { printf '%s\n' "$*"; }
fail() {
  printf 'error: %s\n' "$*" >&2
  exit 1
}
has() { command -v "$1" >/dev/null 2>&1; }

sha256_of() {
  if has sha256sum; then
    sha256sum -- "$1" | cut -d' ' -f1
  elif has shasum; then
    shasum -a 256 -- "$1" | cut -d' ' -f1
  else
    fail "neither sha256sum nor shasum is installed: install one of them"
  fi
}

fetch() {
  if has curl; then
    curl --fail --location --silent --show-error --retry 3 --connect-timeout 30 --output "$2" -- "$1"
  elif has wget; then
    wget --quiet --tries=3 --timeout=30 --output-document="$2" -- "$1"
  else
    fail "neither curl nor wget is installed: install one, or fetch the archive elsewhere and give its name"
  fi
}

# The archive has held the file at its top and in a folder; both are accepted.
extract() {
  if has unzip; then
    unzip -p -qq "$1" "$NAME" >"$2" 2>/dev/null || unzip -p -qq "$1" "*/$NAME" >"$2" 2>/dev/null
  elif has bsdtar; then
    bsdtar -xOf "$1" "*$NAME" >"$2" 2>/dev/null
  elif has python3; then
    python3 - "$1" "$NAME" >"$2" 2>/dev/null <<'PY'
import shutil, sys, zipfile
with zipfile.ZipFile(sys.argv[1]) as archive:
    name = next(n for n in archive.namelist() if n.rsplit("/", 1)[-1] == sys.argv[2])
    with archive.open(name) as file:
        shutil.copyfileobj(file, sys.stdout.buffer)
PY
  else
    fail "none of unzip, bsdtar and python3 is installed: install one of them"
  fi
}

[[ $# -le 1 ]] || fail "usage: download_data.sh [ARCHIVE]"
if [[ -f "$DATA/$NAME" ]]; then
  if [[ "$(sha256_of "$DATA/$NAME")" == "$SHA256" ]]; then
    say "$DATA/$NAME is there already and is the right file"
    exit 0
  fi
  say "$DATA/$NAME is not the published file: it is replaced once the right one is here"
fi

mkdir -p -- "$DATA"
# beside the destination, so that the last step is a rename within one file system
work="$(mktemp -d "$DATA/.download.XXXXXX")"
trap 'rm -rf -- "$work"; rmdir -- "$DATA" 2>/dev/null || true' EXIT
trap 'exit 130' INT
trap 'exit 143' TERM HUP

if [[ $# -eq 1 ]]; then
  archive="$1"
  [[ -f "$archive" ]] || fail "there is no file $archive"
  origin="$archive"
else
  archive="$work/archive.zip"
  origin="$URL"
  say "fetching $URL"
  fetch "$URL" "$archive" ||
    fail "the download failed: check the network, or fetch the archive elsewhere and give its name"
fi
extract "$archive" "$work/$NAME" || fail "there is no readable $NAME in the archive from $origin"

found="$(sha256_of "$work/$NAME")"
[[ "$found" == "$SHA256" ]] || fail "what the archive holds is not the published file; nothing was changed
  expected $SHA256
  found    $found"

mv -f -- "$work/$NAME" "$DATA/$NAME"
say "$DATA/$NAME: 101,766 stays of 71,518 people, SHA-256 checked"
