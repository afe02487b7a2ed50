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

# paste SAMPLE: in the folder `pasted`, which has the contract and the sample with the URL of this sandbox, runs the
# commands that README.md gives for the sample, as they stand. The output must report the failure of the busy desktop.
# Commands that install are left out: the peer has pinned versions of the same packages.
paste() {
  local output commands
  commands=$(awk -v sample="(samples/$1)" 'index($0, sample) { found = 1 }
    found && /^```$/ { exit } code { print } found && /^```sh$/ { code = 1 }' "$contract/README.md" \
    | grep -vE '^(pip|gem|composer|npm|cargo (init|add)) ')
  mkdir -p pasted
  cp workspace.yaml pasted
  sed "s|http://127.0.0.1:8437|$SANDBOX_URL|" "$contract/samples/$1" > "pasted/$1"
  reset
  output=$(cd pasted && sh -euc "$commands")
  if [[ $output != *4f6f0a1e-0c1d-4f0b-9c57-2a3f8f6f0004*WKS.00010032* ]]; then
    echo "the sample $1 printed: $output" >&2
    exit 1
  fi
  reset
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
rm -rf pasted
