#!/bin/sh
# The independent verifier accepts the documented export and names the first bad entry of damaged
# ones.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
golden=$here/../golden/ledger
key=$(cat "$golden/example.vkey")
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT

verify() { python3 "$here/verify_ledger.py" "$@"; }
names() {  # names ENTRY FILE [KEY]: fails unless that entry is named
  entry=$1
  shift
  if said=$(verify "$@"); then
    echo "accepted: $*" >&2
    exit 1
  fi
  case $said in "first bad entry: $entry:"*) ;; *) echo "$said, not $entry" >&2; exit 1 ;; esac
}

verify "$golden/example.jsonl" "$key"
sed 3d "$golden/example.jsonl" >"$folder/deleted"
names 2 "$folder/deleted" "$key"
sed '/^{"end"/d' "$golden/example.jsonl" >"$folder/cut"
names 4 "$folder/cut"
sed 's/"chain":"Q53f4/"chain":"Q53f5/' "$golden/example.jsonl" >"$folder/flipped"
names 2 "$folder/flipped"
sed '3s/ADMAAgABADQ/ADMAAgACADQ/' "$golden/example.jsonl" >"$folder/two-copies"
names 2 "$folder/two-copies"
sed '1s/fcNS1J4KKUc1/fcNS1J4KKUc2/' "$golden/example.jsonl" >"$folder/forged"
names 1 "$folder/forged" "$key"
names 3 "$folder/forged"

# A ledger whose first 4,096 entries left after five years (FORMAT.md, Pruning).
pruned=$golden/pruned.jsonl
pruned_key=$(cat "$golden/pruned.vkey")
verify "$pruned" "$pruned_key"
sed 2d "$pruned" >"$folder/one-more"
names 4097 "$folder/one-more" "$pruned_key"
sed '1s/pruned-at 1/pruned-at 2/' "$pruned" >"$folder/re-dated"  # not what was signed
names 4097 "$folder/re-dated" "$pruned_key"
sed '1s/pruned-newest 16/pruned-newest 17/' "$pruned" >"$folder/young"
names 0 "$folder/young"
sed '1s/pruned-tree AAAAAAAAEAB/pruned-tree AAAAAAAAEAC/' "$pruned" >"$folder/another-tree"
names 0 "$folder/another-tree"

# Proofs over the example's tree.
proof() { PYTHONDONTWRITEBYTECODE=1 python3 "$here/verify_proof.py" "$@"; }
refused() { if proof "$@" >/dev/null; then echo "proved: $*" >&2; exit 1; fi; }
entry=$golden/example-entry-2.tlog-proof
growth=$golden/example-2-to-3.proof
older=$golden/example-2.checkpoint
proof "$entry" "$key"
proof "$growth" "$key" "$older"
refused "$growth" "$key" "$golden/example-3.checkpoint"
refused "$entry" "$pruned_key"
sed 's/^index 1/index 0/' "$entry" >"$folder/elsewhere"
refused "$folder/elsewhere" "$key"
sed '/^extra/s/ADMAAgABADQ/ADMAAgACADQ/' "$entry" >"$folder/another-entry"
refused "$folder/another-entry" "$key"
sed 's/^RLJh/RLJi/' "$growth" >"$folder/fork"
refused "$folder/fork" "$key" "$older"
