# What every scenario says: a machine, what is asked of it, and what must be so. Sourced by scripts/e2e.
#
# $name is the machine that scripts/boot-debian has booted; empty, it is the one that this runs on. $dir is a directory of
# this run's own, outside of it.

patience=3  # How much longer than a machine of its own this one may take; an emulated one takes longer for everything.
say() { printf '\n\033[1m== %s\033[0m\n' "$*"; }
show() { printf '\033[2m'; "$@" || :; printf '\033[0m'; }
fail() {
    trap - ERR
    [ "$BASH_SUBSHELL" = 0 ] || exit 1  # What was waiting for the subshell says the rest.
    printf '\ne2e: FAILED: %s\n' "$*" >&2
    run journalctl -b --no-pager -n 60 -o short-precise -u "posture*" >&2 || :
    exit 1
}

# Prints the seconds until COMMAND succeeds; fails if it does not within LIMIT seconds: a bound on hanging. A budget is
# what is printed, on a machine that does nothing else.
within() {  # LIMIT WHAT COMMAND…
    local limit=$(($1 * patience)) what=$2 start=${EPOCHREALTIME/./} elapsed
    shift 2
    while :; do
        if "$@" >/dev/null 2>&1; then break; fi
        elapsed=$((${EPOCHREALTIME/./} - start))
        [ "$elapsed" -lt $((limit * 1000000)) ] || fail "not within $limit s: $what"
        sleep 0.02
    done
    elapsed=$((${EPOCHREALTIME/./} - start))
    printf '%s: after %d.%02d s\n' "$what" $((elapsed / 1000000)) $((elapsed / 10000 % 100))
}
refuses() { if "$@" >/dev/null 2>&1; then fail "should have failed: $*"; fi; }
is() { [ "$1" = "$2" ] || fail "'$1' is not '$2'${3:+: $3}"; }
has() { [[ $1 == *"$2"* ]] || fail "'$1' does not say '$2'${3:+: $3}"; }

run() { if [ -n "$name" ]; then scripts/boot-debian run "$name" "$@"; else "$@"; fi; }
put() { if [ -n "$name" ]; then scripts/boot-debian put "$name" "$1" "$2"; else cp "$1" "$2"; fi; }
write() { run sh -c 'mkdir -p "${1%/*}" && cat >"$1"' _ "$1"; }
unit() { run systemctl "$@"; }
# systemctl is-active is content with one of them.
are_active() { local one; for one in "$@"; do unit is-active -q "$one" || fail "$one is not active"; done; }
property() { unit show "$1" -p "$2" --value; }
journal() { run journalctl -b --no-pager -o cat "$@"; }
# A command as another user, without root's capabilities.
as() { local user=$1; shift; run setpriv --reuid "$user" --regid nogroup --clear-groups --inh-caps=-all "$@"; }
install_packages() {
    run apt-get install -y -qq --allow-downgrades -o Dpkg::Options::=--force-confold "$@" >"$dir/apt.log" 2>&1 || { cat "$dir/apt.log" >&2; fail "apt-get install $*"; }
    refuses grep -F 'not starting it' "$dir/apt.log"
}

# What was said since a moment. By time: --after-cursor skips the first entry that other options let through.
moment() { run date +@%s.%6N; }
messages() {  # SINCE MESSAGE-ID
    journal --since "$1" -u postured MESSAGE_ID="$2"
}
said() { [ -n "$(messages "$@")" ]; }
id_of() { sed -nE "s/.*case $1 = \"([0-9a-f]{32})\".*/\1/p" Sources/SystemdBridge/MessageID.swift; }

# Shorter times than on a machine, so that this ends today.
hurry() {  # LINE…
    { echo "[Service]"; printf '%s\n' "$@"; } | write /run/systemd/system/postured.service.d/hurry.conf
    unit daemon-reload
}
unhurry() { run rm -r /run/systemd/system/postured.service.d; unit daemon-reload; unit restart postured; }
is_another() { local now; now=$(property postured MainPID); [ "$now" != 0 ] && [ "$now" != "$1" ] && unit is-active -q postured; }
