# Sourced by the `run` of each client: resets the sandbox and changes to a folder with the contract.
set -euo pipefail

source=$(cd "$(dirname "$0")" && pwd)
contract=$(cd "$source/../../../../openapi" && pwd)
: "${SANDBOX_URL:?is not set; use \`CLIENTS=${source##*/} tests/peers/run clients\`}"

# Installs a Debian package if a program is missing and the user may install packages.
need() {
  local program=$1 package=$2
  if command -v "$program" > /dev/null; then return; fi
  if [ "$(id -u)" = 0 ] && command -v apt-get > /dev/null; then
    apt-get -qq update
    DEBIAN_FRONTEND=noninteractive apt-get -qq install --yes --no-install-recommends "$package" \
      > /dev/null
  else
    echo "$program is missing: install it (Debian: apt-get install $package)" >&2
    exit 1
  fi
}

curl --fail --silent --show-error --request DELETE "$SANDBOX_URL/_sandbox/state"

# This folder outlives the scratch folder: installed and compiled files are reused by the next run.
folder=$SCRATCH/../${source##*/}
mkdir -p "$folder"
cd "$folder"
cp "$contract/workspace.yaml" .
