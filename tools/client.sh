#!/usr/bin/env bash
# Writes the console's client types from the API's own description; with --check it only tells whether they are up to date.
set -euo pipefail
cd "$(dirname "$0")/.."
kept=web/src/api/generated/schema.ts
made=$(mktemp -d)
trap 'rm -rf "$made"' EXIT
.venv/bin/python tools/openapi.py >"$made/openapi.json"
web/node_modules/.bin/openapi-typescript "$made/openapi.json" --output "$made/schema.ts" --root-types --root-types-no-schema-prefix >/dev/null 2>"$made/said" ||
  { cat "$made/said"; exit 1; }
if [ "${1-}" = --check ]; then
  cmp --silent "$made/schema.ts" "$kept" || {
    echo "$kept 与接口不一致，请运行 tools/client.sh | it differs from the API: run tools/client.sh"; exit 1; }
else
  cp "$made/schema.ts" "$kept"
fi
