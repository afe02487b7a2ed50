#!/bin/sh
# Signs a request with SDK-HMAC-SHA256, using only openssl, and prints the headers to send with it:
#
#   sh sign.sh POST "$host" "$path" "$body" > headers
#   curl -X POST -H @headers --data-raw "$body" "https://$host$path"
#
# The keys come from the vendor's variables HUAWEICLOUD_SDK_AK, HUAWEICLOUD_SDK_SK and, for
# temporary keys, HUAWEICLOUD_SDK_SECURITY_TOKEN. X_SDK_DATE replaces the current time. EXPLAIN=1
# prints each stage of the signature on standard error.
set -eu

fail() {
  echo "sign.sh: $1" >&2
  exit 2
}

# Stop before anything is printed: more than five invalid signatures in a row lock the access key.
[ -n "${HUAWEICLOUD_SDK_AK:-}" ] || fail "HUAWEICLOUD_SDK_AK is not set"
[ -n "${HUAWEICLOUD_SDK_SK:-}" ] || fail "HUAWEICLOUD_SDK_SK is not set"
for program in openssl od tr; do
  command -v "$program" > /dev/null || fail "$program is missing"
done

method=$1 host=$2 path=$3 body=${4-}
date=${X_SDK_DATE:-$(date -u +%Y%m%dT%H%M%SZ)}
token=${HUAWEICLOUD_SDK_SECURITY_TOKEN:-}

case $path in
  *[!A-Za-z0-9/._~-]*) fail "cannot sign $path: percent-encoding is not supported" ;;
esac

hash() { openssl dgst -sha256 -r | cut -d ' ' -f 1; }

# HMAC by its definition: openssl would take the key as an argument, which every user of the machine
# can read. `printf` is part of the shell, so its arguments are not visible.
bytes() { od -A n -v -t x1 | tr -s ' \n' ' '; }
key=$(printf %s "$HUAWEICLOUD_SDK_SK" | bytes)
# shellcheck disable=SC2086 # one argument for each byte
set -- $key
if [ $# -gt 64 ]; then
  # shellcheck disable=SC2046
  set -- $(printf %s "$HUAWEICLOUD_SDK_SK" | openssl dgst -sha256 -binary | bytes)
fi
while [ $# -lt 64 ]; do set -- "$@" 00; done
key=$*
pad() { for byte in $key; do printf '\\%03o' $((0x$byte ^ $1)); done; }
inner=$(pad 54)
outer=$(pad 92)
# shellcheck disable=SC2059 # the pads are octal escapes
hmac() {
  { printf "$outer"; { printf "$inner"; cat; } | openssl dgst -sha256 -binary; } | hash
}

# Header names are in lower case and sorted.
headers="content-type:application/json
host:$host
x-sdk-date:$date"
signed="content-type;host;x-sdk-date"
if [ -n "$token" ]; then
  headers="$headers
x-security-token:$token"
  signed="$signed;x-security-token"
fi

# The canonical path ends in a slash; the path of the request does not. The empty line after it is
# the query.
canonical_request="$method
$path/

$headers

$signed
$(printf %s "$body" | hash)"

string_to_sign="SDK-HMAC-SHA256
$date
$(printf %s "$canonical_request" | hash)"

signature=$(printf %s "$string_to_sign" | hmac)
[ ${#signature} -eq 64 ] || fail "openssl computed no signature"

if [ -n "${EXPLAIN:-}" ]; then
  printf '%s\n\n%s\n\n%s\n' "$canonical_request" "$string_to_sign" "$signature" >&2
fi

echo "Content-Type: application/json"
echo "X-Sdk-Date: $date"
if [ -n "$token" ]; then echo "X-Security-Token: $token"; fi
credential="Access=$HUAWEICLOUD_SDK_AK"
echo "Authorization: SDK-HMAC-SHA256 $credential, SignedHeaders=$signed, Signature=$signature"
