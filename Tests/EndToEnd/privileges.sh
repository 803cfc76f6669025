# What the services may and may not on a machine: the daemon, the collector and the scorer. Sourced by scripts/e2e.

scenario_privileges() {
    local main entry
    # It ends with 0 over a directive that it does not know.
    is "$(run systemd-analyze verify --man=no /lib/systemd/system/posture{d.service,d-collector.socket,d-collector@.service,d-nssdb.path,d-nssdb.service,-scorer.service} /lib/systemd/system/system-postured.slice 2>&1)" "" "what systemd says of the units"
    for entry in postured.service=13 postured-collector@.service=13 postured-nssdb.service=4 posture-scorer.service=12; do
        run systemd-analyze security --no-pager --offline=yes --threshold="${entry#*=}" \
            "/lib/systemd/system/${entry%=*}" >"$dir/security" || { cat "$dir/security"; fail "exposure of $entry"; }
        tail -1 "$dir/security"
    done
    main=$(property postured MainPID)
    echo "the daemon's capabilities and privileges:"
    show run grep -E '^(Uid|CapEff|CapBnd|CapAmb|NoNewPrivs|Seccomp):' "/proc/$main/status"
    run grep -qP '^CapEff:\t0{16}$' "/proc/$main/status"
    run grep -qP '^CapBnd:\t0{16}$' "/proc/$main/status"
    echo "what the daemon may not, the collector's key and NSS's; in its own mounts, as its own user:"
    is "$(run stat -c '%U %a' /var/lib/postured-collector/device-key.pem)" "postured-collector 600"
    local daemon=(run nsenter -t "$main" -m setpriv --reuid postured --regid postured --clear-groups)
    "${daemon[@]}" cat /etc/postured/ca.pem >/dev/null
    "${daemon[@]}" touch /var/lib/postured/x
    for entry in /var/lib/postured-collector/device-key.pem /etc/pki/nssdb/key4.db /sys/class/dmi/id/product_serial; do
        [ -n "$serial" ] || [ "${entry##*/}" != product_serial ] || continue
        run test -e "$entry" || fail "there is no $entry"
        refuses "${daemon[@]}" cat "$entry"
    done
    refuses run nsenter -t "$main" -m touch /etc/postured/x
    what_sandboxes_refuse
    echo "nobody else may ask the collector:"
    local connect=(python3 -c 'import socket; socket.socket(socket.AF_UNIX).connect("/run/postured-collector.sock")')
    as postured "${connect[@]}"
    refuses as nobody "${connect[@]}"
    is "$(run stat -c '%U %a' /run/postured-collector.sock)" "postured 600"
    flood_the_collector
}

# The daemon's user connects without end, and asks nothing.
flood() {  # SECONDS
    as postured timeout 600 python3 -c 'import os, socket, sys, time
end, count = time.monotonic() + float(sys.argv[1]), 0
while time.monotonic() < end and not os.path.exists("/run/flood-is-over"):
    try:
        socket.socket(socket.AF_UNIX).connect("/run/postured-collector.sock")
        count += 1
    except BlockingIOError: time.sleep(0.001)
print(count, "connections")' "$1"
}

flood_the_collector() {
    local before lines
    is "$(property postured-collector@probe.service Slice)" system-postured.slice
    is "$(property system-postured.slice CPUWeight)" 20
    before=$(moment)
    flood 5
    within 60 "the collector answers the daemon again" run postured report
    lines=$(journal -q --since "$before" -u postured-collector.socket -u 'postured-collector@*' | wc -l)
    echo "$lines lines in the journal"
    [ "$lines" -le 300 ] || fail "the daemon's user can fill the journal"
    # As docs/systemd.md has it.
    flood 500 &
    within 30 "root's own report goes past a flood" run systemd-run --quiet --pipe --wait -p User=postured-collector \
        -p StateDirectory=postured-collector -p AmbientCapabilities=CAP_DAC_READ_SEARCH -p SecureBits=no-setuid-fixup \
        postured report --direct
    kill -0 $! || fail "the flood was over before"
    run touch /run/flood-is-over
    wait $!
    run rm /run/flood-is-over
}

# Each service's own sandbox with another program, which tries what the service may not.
what_sandboxes_refuse() {
    local secrets=() trial
    put scripts/probe-sandbox /run/probe-sandbox
    for trial in /etc/shadow /var/lib/posture-scorer/scorer.sqlite /var/lib/postured/enrolment-token; do
        ! run test -e "$trial" || secrets+=("--secret=$trial")
    done
    # Where Debian keeps the private keys of TLS: a check may name one.
    echo key | write /etc/ssl/private/e2e.key
    echo "outside of a sandbox root can do all of it:"
    run python3 /run/probe-sandbox --outside "${secrets[@]}" --no-write /etc/hostname
    secrets+=(--no-write=/etc/postured/postured.toml --no-write=/usr/bin/postured)
    probe posture-scorer.service --allow=inet --allow=inet6 --secret=/etc/shadow --no-write=/etc/posture-scorer/scorer.toml \
        --read=/var/lib/posture-scorer/scorer.sqlite
    local keys=(--secret=/etc/pki/nssdb/key4.db --secret=/var/lib/postured-collector/device-key.pem)
    [ -z "$serial" ] || keys+=(--secret=/sys/class/dmi/id/product_serial)
    probe postured.service --allow=inet --allow=inet6 --allow=netlink "${keys[@]}" --secret=/etc/shadow \
        --secret=/var/lib/posture-scorer/scorer.sqlite --no-write=/etc/postured/postured.toml
    probe postured-nssdb.service "${keys[@]}" "${secrets[@]}"
    probe postured-collector@.service --allow=netlink "${keys[@]/--secret/--read}" "${secrets[@]}" --read=/proc/1/mountinfo \
        --read=/proc/swaps --read=/proc/sys/kernel/random/boot_id --read=/etc/ssl/private/e2e.key
    run rm /etc/ssl/private/e2e.key
}
probe() {  # SERVICE OPTION…
    local service=$1
    shift
    echo "in the sandbox of $service:"
    in_the_sandbox_of "$service" "/usr/bin/python3 /run/probe-sandbox $*" >"$dir/probe" 2>&1 ||
        { journal -u "$(probe_of "$service")" -n 100; cat "$dir/probe"; fail "the sandbox of $service"; }
    show journal -u "$(probe_of "$service")" -t python3
    has "$(journal -u "$(probe_of "$service")" -n 20)" "0 not as they should be"
}

# A copy of a unit, or an instance of a template, with all that it says but another program.
probe_of() { case $1 in *@.service) echo "${1%.service}probe.service" ;; *) echo "${1%.service}-probe.service" ;; esac; }
in_the_sandbox_of() {  # SERVICE COMMAND [LINE…]
    local service=$1 probe
    probe=$(probe_of "$service")
    [[ $service = *@.service ]] || run cp "/lib/systemd/system/$service" "/run/systemd/system/$probe"
    # Its own runtime directory would go with the probe.
    write "/run/systemd/system/$probe.d/probe.conf" <<UNIT
[Service]
Type=oneshot
RuntimeMaxSec=infinity
WatchdogSec=0
Restart=no
RuntimeDirectory=
TimeoutStartSec=120s
ExecReload=
ExecStart=
ExecStart=$2
${3:-}
UNIT
    unit daemon-reload
    unit start "$probe"
}
in_the_sandbox() { in_the_sandbox_of postured-collector@.service "$@"; }  # COMMAND [LINE…]
