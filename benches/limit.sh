# Sourced by the scripts beside it. `limit WHAT COUNT MOST` prints a count beside its limit, and leaves 1 in $failed if it is over.
failed=0
limit() {
    local what=$1 count=$2 most=$3 verdict=ok
    if [ "$count" -gt "$most" ]; then verdict='TOO MUCH' failed=1; fi
    printf '%s: %s of at most %s: %s\n' "$what" "$count" "$most" "$verdict"
}
