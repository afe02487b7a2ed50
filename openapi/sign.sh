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
# In other locales, a range of characters has another order and a character several bytes.
LC_ALL=C
export LC_ALL

fail() {
  echo "sign.sh: $1" >&2
  exit 2
}

# Everything is checked before anything is printed: if more than five signatures in a row do not fit
# what is sent, the access key is locked.
[ $# -eq 3 ] || [ $# -eq 4 ] || fail "expected METHOD HOST PATH [BODY], got $# arguments"
method=$1 host=$2 path=$3 body=${4-}
for program in openssl od tr date; do
  command -v "$program" > /dev/null || fail "$program is missing"
done
token=${HUAWEICLOUD_SDK_SECURITY_TOKEN:-}
[ -n "${HUAWEICLOUD_SDK_AK:-}" ] || fail "HUAWEICLOUD_SDK_AK is not set"
[ -n "${HUAWEICLOUD_SDK_SK:-}" ] || fail "HUAWEICLOUD_SDK_SK is not set"
for name in HUAWEICLOUD_SDK_AK HUAWEICLOUD_SDK_SK HUAWEICLOUD_SDK_SECURITY_TOKEN; do
  eval "value=\${$name:-}"
  case $value in
    *[!!-~]*) fail "$name has a space, a line break or another character that no key has" ;;
  esac
done
case $method in
  '' | *[!A-Z]*) fail "the method must be in capital letters: $method" ;;
esac
case $host in
  '' | *[!][A-Za-z0-9.:-]*) fail "the host must be a name without https:// and without a path: $host" ;;
esac
case $path in
  /*) ;;
  *) fail "the path must begin with a slash: $path" ;;
esac
case $path in
  *[!A-Za-z0-9/._~-]*) fail "cannot sign $path: a query and percent-encoding are not supported" ;;
  */. | */.. | */./* | */../*) fail "cannot sign $path: clients send another path" ;;
esac

date=${X_SDK_DATE:-$(date -u +%Y%m%dT%H%M%SZ)}
case $date in
  [0-9][0-9][0-9][0-9][01][0-9][0-3][0-9]T[0-2][0-9][0-5][0-9][0-6][0-9]Z) ;;
  *) fail "the date must have the form 20260310T120211Z: $date" ;;
esac

# Prints the SHA-256 of standard input, after checking that it is one.
sha256() {
  digest=$(openssl dgst -sha256 -r) || fail "openssl computed no SHA-256"
  digest=${digest%%[ *]*}
  case $digest in
    *[!0-9a-f]*) fail "openssl computed no SHA-256" ;;
  esac
  [ ${#digest} -eq 64 ] || fail "openssl computed no SHA-256"
  printf %s "$digest"
}

# HMAC by its definition: openssl would take the key as an argument, which every user of the machine
# can read. `printf` is part of the shell, so its arguments are not visible.
bytes() { od -A n -v -t x1 | tr -s ' \n' ' '; }
key=$(printf %s "$HUAWEICLOUD_SDK_SK" | bytes)
# shellcheck disable=SC2086 # one argument for each byte
set -- $key
if [ $# -gt 64 ]; then
  # shellcheck disable=SC2046
  set -- $(printf %s "$HUAWEICLOUD_SDK_SK" | openssl dgst -sha256 -binary | bytes)
  [ $# -eq 32 ] || fail "openssl computed no SHA-256"
fi
while [ $# -lt 64 ]; do set -- "$@" 00; done
key=$*
pad() { for byte in $key; do printf '\\%03o' $((0x$byte ^ $1)); done; }
inner=$(pad 54)
outer=$(pad 92)
# shellcheck disable=SC2059 # the pads are octal escapes
hmac() {
  { printf "$outer"; { printf "$inner"; cat; } | openssl dgst -sha256 -binary; } | sha256
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

# The canonical path ends in a slash, even if the path of the request does not. The empty line after
# it is the query.
canonical_request="$method
${path%/}/

$headers

$signed
$(printf %s "$body" | sha256)"

string_to_sign="SDK-HMAC-SHA256
$date
$(printf %s "$canonical_request" | sha256)"

signature=$(printf %s "$string_to_sign" | hmac)

if [ -n "${EXPLAIN:-}" ]; then
  printf '%s\n\n%s\n\n%s\n' "$canonical_request" "$string_to_sign" "$signature" >&2
fi

printf 'Content-Type: application/json\n'
printf 'X-Sdk-Date: %s\n' "$date"
[ -z "$token" ] || printf 'X-Security-Token: %s\n' "$token"
printf 'Authorization: SDK-HMAC-SHA256 Access=%s, SignedHeaders=%s, Signature=%s\n' \
  "$HUAWEICLOUD_SDK_AK" "$signed" "$signature"
