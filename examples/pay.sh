#!/bin/sh
# Take one payment with curl: pay.sh BASE TOKEN_FILE AMOUNT CURRENCY
set -eu
base=$1 token_file=$2 amount=$3 currency=$4

# Read one field of the JSON that comes in.
field() { python3 -c 'import json, sys; print(json.load(sys.stdin)[sys.argv[1]] or "")' "$1"; }

# What is secret goes to curl by its standard input: arguments can be seen by all users of a machine.
tokens=$(printf '{"refresh_token": "%s"}' "$(cat "$token_file")" |
  curl -fsS "$base/api/v1/token" -H 'Content-Type: application/json' -d @-)

# The refresh token is spent: keep the next one before anything else.
(umask 077 && printf '%s' "$tokens" | field refresh_token > "$token_file.new")
mv "$token_file.new" "$token_file"
access=$(printf '%s' "$tokens" | field access_token)

ask() { printf 'header = "Authorization: Bearer %s"\n' "$access" | curl -fsS -K - "$@"; }
send() { ask -H 'Content-Type: application/json' "$@"; }

booking="example-$(od -An -N8 -tx1 /dev/urandom | tr -d ' \n')"
send "$base/api/v1/sales" -H "Idempotency-Key: $booking" -o /dev/null \
  -d "{\"booking_id\": \"$booking\", \"amount\": \"$amount\", \"currency\": \"$currency\"}"
payment=$(send "$base/api/v1/sales/$booking/payments" -H "Idempotency-Key: $booking-qr" -d '{}')
number=$(printf '%s' "$payment" | field id)
echo "qr $(printf '%s' "$payment" | field qr_string)"

while :; do
  status=$(ask "$base/api/v1/payments/$number" | field status)
  case $status in pending | processing) sleep 1 ;; *) break ;; esac
done
echo "$status"
[ "$status" = completed ]
