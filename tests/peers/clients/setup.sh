# Sourced by the `run` of each client: resets the sandbox and changes to a folder with the contract.
set -euo pipefail

source=$(cd "$(dirname "$0")" && pwd)
contract=$(cd "$source/../../../../openapi" && pwd)
: "${SANDBOX_URL:?is not set; use \`CLIENTS=${source##*/} tests/peers/run clients\`}"

# Installs a Debian package if the user may install packages.
install() {
  if [ "$(id -u)" != 0 ] || ! command -v apt-get > /dev/null; then
    echo "$1 is missing: install it (Debian: apt-get install $1)" >&2
    exit 1
  fi
  apt-get -qq update
  DEBIAN_FRONTEND=noninteractive apt-get -qq install --yes --no-install-recommends "$1" > /dev/null
}

# Installs a Debian package if this program is missing.
need() {
  command -v "$1" > /dev/null || install "$2"
}

# sample FILE COMMAND...: runs a sample of openapi/samples/ with the URL of this sandbox. It must report
# the failure of the busy desktop.
sample() {
  local file=$1 output
  shift
  reset
  sed "s|http://127.0.0.1:8437|$SANDBOX_URL|" "$contract/samples/${file##*/}" > "$file"
  output=$("$@")
  if [[ $output != *4f6f0a1e-0c1d-4f0b-9c57-2a3f8f6f0004*WKS.00010032* ]]; then
    echo "the sample $file printed: $output" >&2
    exit 1
  fi
}

reset() {
  curl --fail --silent --show-error --request DELETE "$SANDBOX_URL/_sandbox/state"
}

reset

# This folder outlives the scratch folder: installed and compiled files are reused by the next run.
folder=$SCRATCH/../${source##*/}
mkdir -p "$folder"
cd "$folder"
cp "$contract/workspace.yaml" .
