#!/bin/sh
# The gate for a tree of Terragrunt units: plans all of them, checks each plan with
# the assertions in its unit's directory, and applies only if every check lets it.
# Each unit's own plan is judged: what two units do to one network is not joined.
set -eu
umask 077
plans=$(mktemp -d)
trap 'rm -rf "$plans"' EXIT # they hold secrets

terragrunt run --all --out-dir "$plans" --json-out-dir "$plans" -- plan

find "$plans" -name tfplan.json | sort >"$plans/units"
test -s "$plans/units" # no plan is no pass
closed=0
while read -r plan; do
	unit=$(dirname "${plan#"$plans"/}")
	if ! ls "$unit"/*.reach.hcl >/dev/null 2>&1; then
		echo "== $unit: no assertions, not checked"
		continue
	fi
	echo "== $unit"
	planreach check "$plan" --file "$unit" --source "${plan%.json}.tfplan" </dev/null || closed=1
done <"$plans/units"
test "$closed" -eq 0

terragrunt run --all --non-interactive --out-dir "$plans" -- apply
