#!/bin/sh
# Signs a request with SDK-HMAC-SHA256, using only openssl and sha256sum, and prints its headers:
#
#   sh sign.sh POST "$host" "$path" "$body" > headers
#   curl -X POST -H @headers --data-raw "$body" "https://$host$path"
#
# The keys come from the vendor's variables HUAWEICLOUD_SDK_AK, HUAWEICLOUD_SDK_SK and, for
# temporary keys, HUAWEICLOUD_SDK_SECURITY_TOKEN. X_SDK_DATE replaces the current time. EXPLAIN=1
# prints each stage of the signature on standard error.
set -eu

method=$1 host=$2 path=$3 body=${4-}
date=${X_SDK_DATE:-$(date -u +%Y%m%dT%H%M%SZ)}
token=${HUAWEICLOUD_SDK_SECURITY_TOKEN:-}

case $path in
  *[!A-Za-z0-9/._~-]*)
    echo "sign.sh: cannot sign $path: it needs percent-encoding, which is not supported" >&2
    exit 2 ;;
esac

hash() { sha256sum | cut -d ' ' -f 1; }
hmac() { openssl dgst -sha256 -hmac "$HUAWEICLOUD_SDK_SK" -r | cut -d ' ' -f 1; }

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

if [ -n "${EXPLAIN:-}" ]; then
  printf '%s\n\n%s\n\n%s\n' "$canonical_request" "$string_to_sign" "$signature" >&2
fi

echo "Content-Type: application/json"
echo "X-Sdk-Date: $date"
if [ -n "$token" ]; then echo "X-Security-Token: $token"; fi
credential="Access=$HUAWEICLOUD_SDK_AK"
echo "Authorization: SDK-HMAC-SHA256 $credential, SignedHeaders=$signed, Signature=$signature"
