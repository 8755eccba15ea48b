# The step of action.yml: takes the job's token, and writes what it gets where later steps find it.
set -eu
umask 077
DAYPASS_TOKEN=$(printf 'header = "Authorization: Bearer %s"\n' "$ACTIONS_ID_TOKEN_REQUEST_TOKEN" |
  curl -sSf -K - -G --data-urlencode "audience=$DAYPASS_URL" "$ACTIONS_ID_TOKEN_REQUEST_URL" |
  sed -n 's/.*"value" *: *"\([^"]*\)".*/\1/p')
echo "::add-mask::$DAYPASS_TOKEN"
mkdir -p "$RUNNER_TEMP/daypass" # the job's own: the runner empties it
. "${0%/*}/../daypass.sh" >"$RUNNER_TEMP/daypass/keys" # in this process, which is the one that the runner stops
eval "$(cat "$RUNNER_TEMP/daypass/keys")"
rm -f "$RUNNER_TEMP/daypass/keys"
for secret in "$AWS_ACCESS_KEY_ID" "$AWS_SECRET_ACCESS_KEY" "$AWS_SESSION_TOKEN"; do
  echo "::add-mask::$secret"
done
if [ -n "$PROFILE" ]; then
  file=${AWS_SHARED_CREDENTIALS_FILE:-$RUNNER_TEMP/daypass/credentials}
  mkdir -p "$(dirname "$file")"
  others=$(cat "$file" 2>/dev/null | awk '/^\[/ { own = index($0, "[" ENVIRON["PROFILE"] "]") == 1 } !own') # SDKs refuse a second section
  printf '%s\n[%s]\naws_access_key_id=%s\naws_secret_access_key=%s\naws_session_token=%s\n' "$others" \
    "$PROFILE" "$AWS_ACCESS_KEY_ID" "$AWS_SECRET_ACCESS_KEY" "$AWS_SESSION_TOKEN" >"$file"
  echo "AWS_SHARED_CREDENTIALS_FILE=$file" >>"$GITHUB_ENV"
else
  printf 'AWS_ACCESS_KEY_ID=%s\nAWS_SECRET_ACCESS_KEY=%s\nAWS_SESSION_TOKEN=%s\n' \
    "$AWS_ACCESS_KEY_ID" "$AWS_SECRET_ACCESS_KEY" "$AWS_SESSION_TOKEN" >>"$GITHUB_ENV"
fi
