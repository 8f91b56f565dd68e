#!/bin/sh
# os_packages.sh GROUP… [-- PACKAGE…]: install what is missing of scripts/packages.txt, by apt.
# Status 3: this machine can't have it. Status 1: it could, but the installation failed.
. "$(dirname "$0")/lib.sh"

there() {
    case $1 in
    lib:*) PATH="$PATH:/sbin:/usr/sbin" ldconfig -p | grep -qF "${1#lib:}" ;;
    cmd:*) for name in $(echo "${1#cmd:}" | tr , ' '); do command -v "$name" >/dev/null && return; done && false ;;
    file:*) for path in ${1#file:}; do [ -e "$path" ] && return; done && false ;;
    *) die "scripts/packages.txt: what is $1?" ;;
    esac
}

missing_of() {
    grep -E "^$1 " scripts/packages.txt | while read -r _ package probe; do
        there "$probe" || echo "$package"
    done
}

missing=
while [ $# -gt 0 ] && [ "$1" != -- ]; do
    missing="$missing $(missing_of "$1" | tr '\n' ' ')"
    shift
done
[ $# -eq 0 ] || shift
missing=$(echo $missing "$@")
[ -n "$missing" ] || exit 0

by_hand="Missing from this machine: $missing. As an administrator, run"
by_hand="$by_hand \`apt-get install --no-install-recommends $missing\`, then the same command again"
command -v apt-get >/dev/null ||
    die "Missing from this machine: $missing (Debian's names). Install them, then run the same command again." 3
sudo=
if [ "$(id -u)" -ne 0 ]; then
    command -v sudo >/dev/null || die "$by_hand." 3
    sudo=sudo
    # Without a terminal nobody can be asked for a password.
    [ -t 0 ] || sudo -n true 2>/dev/null || die "$by_hand." 3
    $sudo true || die "$by_hand." 3
fi
say "Installing $missing"
apt="$sudo env DEBIAN_FRONTEND=noninteractive apt-get -qq -o DPkg::Lock::Timeout=300"
$apt update >"$logs/apt.log" 2>&1 || true # an old list may do; the installation tells
for package in $missing; do
    LC_ALL=C apt-cache policy "$package" | grep -q 'Candidate: [^(]' ||
        die "This machine's package sources have no $package (what apt said: $logs/apt.log)." 3
done
quietly apt "$by_hand" $apt install --yes --no-install-recommends $missing
