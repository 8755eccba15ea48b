#!/bin/sh
# Prints one shell line that sets AWS credentials; run it as: creds=$(sh daypass.sh) || exit; eval "$creds"
# Wants DAYPASS_URL, DAYPASS_ROLE and DAYPASS_TOKEN, the job's own OIDC token. Where people must approve
# first it waits for up to DAYPASS_WAIT minutes (0), then takes its request back. Exit 3: nobody has decided.
set -eu
umask 077
answer=$(mktemp) poll=
trap '[ -z "$poll" ] || post "$poll" "requests/$id/cancel" >/dev/null 2>&1 || true; rm -f "$answer"' EXIT
trap 'exit 143' TERM INT
field() { sed -n 's/.*"'"$1"'":"\([^"]*\)".*/\1/p' "$answer"; }
post() { printf 'header = "Authorization: Bearer %s"\n' "$1" | # by a pipe: arguments can be read by everybody
  curl -sS -K - -o "$answer" -w '%{http_code}' --max-time 30 -X POST "$DAYPASS_URL/v1/$2"; }
ask() { for pause in 2 4 8 0; do code=$(post "$1" "roles/$DAYPASS_ROLE/credentials") || true # again only where nothing was spent
  case $code$(field code) in 429* | 503cloud_busy | 503overloaded | 503shutting_down) sleep "$pause" ;; *) break ;; esac; done; echo "$code"; }
fail() { echo "daypass: error: $2" >&2; exit "$1"; }
end=$(($(date +%s) + ${DAYPASS_WAIT:-0} * 60))
status=$(ask "$DAYPASS_TOKEN")
while [ "$status" = 202 ] || { [ -n "$poll" ] && [ "${status#200}" = "$status" ] && [ "${status#4[0-1]}" = "$status" ]; }; do
  [ -n "$poll" ] || echo "daypass: people must approve first: $(field request_url)" >&2
  [ -n "$poll" ] || { id=$(field request_id); poll=$(field poll_token); }
  [ "$(date +%s)" -lt "$end" ] || fail 3 "nobody has approved within ${DAYPASS_WAIT:-0} minutes"
  sleep 5
  status=$(ask "${poll:-$DAYPASS_TOKEN}")
done
poll= # decided: nothing is left to take back
[ "$status" = 200 ] || fail 1 "$status $(field code): $(field detail)"; [ -n "$(field SessionToken)" ] || fail 1 "the answer holds no AWS keys"
printf "export AWS_ACCESS_KEY_ID='%s' AWS_SECRET_ACCESS_KEY='%s' AWS_SESSION_TOKEN='%s'\n" \
  "$(field AccessKeyId)" "$(field SecretAccessKey)" "$(field SessionToken)"
