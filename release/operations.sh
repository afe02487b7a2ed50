#!/bin/sh
# Starts the sandbox of the `workspace` on the path, makes the three operations with it, and stops it. With a base URL as
# argument, calls the sandbox that runs there. Needs nothing but a shell.
set -eu
desktop=4f6f0a1e-0c1d-4f0b-9c57-2a3f8f6f0001
multi_user=4f6f0a1e-0c1d-4f0b-9c57-2a3f8f6f0002
export HW_AUTH_TOKEN=sandbox-token HUAWEICLOUD_SDK_PROJECT_ID=0bec5db98280d2d02fd6c00c2de791ce

fail() {
    echo "$1" >&2
    exit 1
}

# Fails if the output of a command does not have a word.
expect() {
    word=$1
    shift
    output=$("$@") || fail "failed: $*"
    case $output in
    *"$word"*) ;;
    *) fail "expected \`$word\` in the output of: $* 
$output" ;;
    esac
}

url=${1:-}
sandbox=
if [ -z "$url" ]; then
    address=${TMPDIR:-/tmp}/sandbox-address.$$
    workspace sandbox --listen 127.0.0.1:0 >"$address" &
    sandbox=$!
    trap 'kill $sandbox; rm -f "$address"' EXIT
    until [ -s "$address" ]; do
        kill -0 $sandbox || fail 'the sandbox did not start'
        sleep 0.1
    done
    read -r url <"$address"
fi

# Without a report, nothing is written to the home of whoever runs this.
expect succeeded workspace --endpoint "$url" detach --no-report --all-users --yes $desktop
expect li-na workspace --endpoint "$url" detach-info $desktop
expect succeeded workspace --endpoint "$url" logoff --no-report --message 'Logged off for maintenance.' --yes $multi_user

if [ -n "$sandbox" ]; then
    kill $sandbox
    wait $sandbox || fail "the sandbox ended with $?"
    trap - EXIT
    rm -f "$address"
fi
