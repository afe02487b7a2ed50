# Sourced by the scripts in this folder. `limit LABEL COUNT MAXIMUM` prints a count and its limit, and
# sets $failed to 1 if the count is over the limit.
failed=0
limit() {
    local label=$1 count=$2 maximum=$3 verdict=ok
    if [ "$count" -gt "$maximum" ]; then verdict='over the limit' failed=1; fi
    printf '%s: %s of at most %s: %s\n' "$label" "$count" "$maximum" "$verdict"
}
