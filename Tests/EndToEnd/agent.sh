# What the agent does on a machine that it is installed and configured on. Sourced by scripts/e2e.

scenario_journal() {
    local entry id
    show unit status --no-pager -n 0 postured.service
    [[ $(property postured StatusText) == "score "* ]] || fail "the status is '$(property postured StatusText)'"
    id=$(id_of reported)
    entry=$(run journalctl -b -u postured -o json MESSAGE_ID="$id" -n 1)
    show jq '{MESSAGE, PRIORITY, SYSLOG_IDENTIFIER, MESSAGE_ID, POSTURED_SCORE, CODE_FILE, _UID, _TRANSPORT}' <<<"$entry"
    is "$(jq -r ._TRANSPORT <<<"$entry")" journal
    is "$(jq -r .SYSLOG_IDENTIFIER <<<"$entry")" postured
    is "$(jq -r .POSTURED_SCORE <<<"$entry")" "$(score)" "the field and the scorer's answer"
    show run journalctl -b -u postured -x --no-pager -n 1 MESSAGE_ID="$id"
    run journalctl -b -u postured -x --no-pager MESSAGE_ID="$id" | grep -q "A report reached the scorer, which answered with" ||
        fail "journalctl -x does not explain"
    [ -z "$serial" ] || ! journal | grep -F "$serial" || fail "the serial number is in the journal"
}

# What the collector sees in its sandbox is what root sees outside of it.
scenario_facts() {
    import
    # By another name of the configuration: by its own, whoever is not root is told what the daemon knows.
    local look="/usr/bin/postured facts --json --config /etc/postured/./postured.toml"
    in_the_sandbox "$look" StandardOutput=truncate:/run/facts.json
    # Times; AppArmor's mode, which it tells to CAP_MAC_ADMIN alone: docs/facts.md; and in a container the boot id, of
    # which systemd-nspawn shows its own one outside of sandboxes only.
    local but='del(.collected_at, .facts.uptime, .warp_ids.observed.read_at) | (.facts.posture.access_control.apparmor? | select(. == "enforcing")) |= "enabled"'
    [ $kind = vm ] || but+=' | del(.facts.boot_id)'
    run cat /run/facts.json | jq -S "$but" >"$dir/inside.json"
    run $look | jq -S "$but" >"$dir/outside.json"
    diff -u "$dir/outside.json" "$dir/inside.json" || fail "the sandbox changes what is seen"
    has "$(cat "$dir/inside.json")" "$serial"
    echo "$(wc -l <"$dir/inside.json") lines, the same inside and outside"
    delete
}

# A new key is the same device, also for a collector in its sandbox, and takes root's permit.
scenario_keys() {
    local id key file=/var/lib/postured-collector/device-key.pem
    id=$(device) key=$(run sha256sum $file)
    refuses run setpriv --reuid postured --clear-groups postured replace-key
    is "$(run sha256sum $file)" "$key" "the device's key"
    show run postured replace-key
    [ "$(run sha256sum $file)" != "$key" ] || fail "the device's key is the one before"
    is "$(run stat -c '%U %a' $file)" "postured-collector 600"
    is "$(run find /run -maxdepth 1 -name 'postured-permit-*')" "" "permits that are left"
    run postured report
    is "$(device)" "$id" "the device, before and after"
}

scenario_warp() {
    run mkdir -p /dev/net
    run test -e /dev/net/tun || run mknod /dev/net/tun c 10 200
    run ip tuntap add dev CloudflareWARP mode tun
    run ip addr add 100.96.0.10/32 dev CloudflareWARP
    run ip link set CloudflareWARP up
    within 60 "WARP's interface has come: the scorer knows its address" knows_warp
    run ip link delete CloudflareWARP
    within 60 "and gone" without_warp
}
knows_warp() { [[ $(stored) == *100.96.0.10* ]]; }
without_warp() { [[ $(stored) != *100.96.0.10* ]]; }

scenario_reboot() {
    local id
    id=$(device)
    if [ -z "$name" ]; then echo "not run: this is the machine that it would stop"; return; fi
    scripts/boot-debian reboot "$name"
    stand_in
    within 120 "rebooted: the scorer is ready" run curl -fso /dev/null "$operators/readyz"
    within 120 "rebooted: the agent has reported" reported_since "$(run stat -c %Y /proc/1)"
    is "$(device)" "$id" "the device, before and after"
    is "$(unit list-units --failed --no-legend --plain 'posture*')" "" "units that failed"
}

scenario_people() {
    local command text=''
    for command in status explain facts check doctor; do
        echo "\$ postured $command"
        as nobody postured "$command" >"$dir/text" || [ $? = 1 ] || fail "postured $command, as nobody"
        show cat "$dir/text"
        text+=$(cat "$dir/text"; as nobody postured "$command" --json || [ $? = 1 ])
    done
    # A daemon that has not looked yet says what it remembers.
    stop_scorer
    unit restart postured
    text+=$(as nobody postured explain --json || [ $? = 1 ])
    start_scorer
    run postured report >/dev/null
    [[ $text == *'"score"'* ]] || fail "no score"
    [ -z "$serial" ] || [[ $text != *"$serial"* ]] || fail "anybody sees the serial number"
    refuses as nobody certutil -L -d sql:/etc/pki/nssdb
}

scenario_certificate() {
    local without
    without=$(score)
    import
    within 60 "imported by pk12util: the scorer gives $full (budget: 2 s)" has_score "$full"
    delete
    within 60 "deleted by certutil: the scorer gives $without again (budget: 2 s)" has_score "$without"
    import /root/other.p12
    within 60 "another CA's of the same name in its place: the check says so" names_another_issuer
    run postured report >/dev/null
    is "$(score)" "$without" "the score with a certificate of another CA"
    delete
    import /root/renewed.p12
    within 60 "the renewed one in its place, of another key (budget: 2 s)" has_score "$full"
    delete
    within 60 "deleted again (budget: 2 s)" has_score "$without"
}

names_another_issuer() { [[ $(run sh -c 'postured explain; true') == *"Demo Issuing CA"* ]]; }

scenario_offline() {
    local before
    import
    within 60 "with the certificate" has_score "$full"
    stop_scorer
    before=$(moment)
    delete
    within 60 "the journal says that reports do not arrive" said "$before" "$(id_of cannotReport)"
    import
    delete
    before=$(moment)
    start_scorer
    within 180 "the newest state arrives" has_another_score "$full"
    within 60 "the journal says so" said "$before" "$(id_of reported)"
    sleep 5
    is "$(accepted)" 1 "reports after the scorer came back"
}

scenario_network() {
    local before
    # A daemon that has just started may report a few changes in a row; later ones it gathers.
    unit restart postured
    within 60 "started" run postured status
    before=$(last_report)
    sleep 1.1  # The status counts in seconds.
    local own
    own=$(run hostname)
    run hostname another-name
    within 60 "a new host name is reported" reported_since "$before"
    before=$(last_report)
    sleep 1.1
    run ip link add e2e0 type veth peer name e2e1
    run ip addr add 192.0.2.1/24 dev e2e0
    within 60 "a new address is reported" reported_since "$before"
    run hostname "$own"
    run ip link delete e2e0
}
last_report() { run postured status --json | jq .answered_at; }
reported_since() { [ "$(last_report)" -gt "$1" ]; }

scenario_small() {
    local main pss dirty before after
    main=$(property postured MainPID)
    run postured report >/dev/null
    sleep 15  # Threads without work end after a while.
    before=$(switches "$main")
    sleep 20
    after=$(switches "$main")
    pss=$(memory "$main" Pss:)
    dirty=$(memory "$main" Private_Dirty:)
    echo "PSS $pss kB of 20480, dirty pages of its own $dirty kB of 6144; woke up $((after - before)) times in 20 s"
    [ "$pss" -le 20480 ] && [ "$dirty" -le 6144 ] || { run cat "/proc/$main/smaps_rollup"; fail "too large"; }
    [ $((after - before)) -le 10 ] || fail "it does not sleep"
}
memory() { run awk -v field="$2" '$1 == field { print $2 }' "/proc/$1/smaps_rollup"; }
# How often the threads of a process have begun to wait.
switches() { run sh -c "cat /proc/$1/task/*/status" | awk '/^voluntary_ctxt/ { sum += $2 } END { print sum }'; }

scenario_reload() {
    local before main
    main=$(property postured MainPID)
    # The package with /bin/kill need not be there.
    run mv /usr/bin/kill /usr/bin/kill-e2e
    before=$(moment)
    echo 'interval = "often"' | write /etc/postured/postured.toml.d/often.toml
    unit reload postured
    within 60 "the journal says that the configuration is wrong" said "$before" "$(id_of configurationRejected)"
    show run journalctl -b -u postured -p err --no-pager --since "$before"
    within 60 "the last good one is in force: a report arrives" run postured report
    before=$(moment)
    run rm /etc/postured/postured.toml.d/often.toml
    unit reload postured
    within 60 "the journal says that it is right again" said "$before" "$(id_of configurationLoaded)"
    is "$(property postured MainPID)" "$main" "the process, before and after"
    before=$(moment) main=$(property posture-scorer MainPID)
    unit reload posture-scorer
    within 60 "the scorer has read its policy again" policy_was_read "$before"
    is "$(property posture-scorer MainPID)" "$main" "the scorer's process, before and after"
    run mv /usr/bin/kill-e2e /usr/bin/kill
}
policy_was_read() { [[ $(journal --since "$1" -u posture-scorer) == *"the policy was read again"* ]]; }

scenario_kill() {
    local id before main round
    id=$(device)
    before=$(moment)
    hurry RestartSec=100ms
    for round in $(seq "$kills"); do
        main=$(property postured MainPID)
        run postured report --no-wait || :
        sleep "0.$((RANDOM % 4))$((RANDOM % 10))"
        # Both, at any point of their work; there may be no collector.
        unit kill -s KILL postured 'postured-collector@*.service' 2>/dev/null || :
        within 60 "killed and back, $round of $kills" is_another "$main" >"$dir/killed"
        [ $((round % 20)) != 0 ] || cat "$dir/killed"
    done
    within 60 "a report arrives" run postured report
    is "$(device)" "$id" "the device, before and after"
    ! said "$before" "$(id_of stateDamaged)" || fail "its state was damaged"
    unhurry
}

scenario_watchdog() {
    local main
    hurry WatchdogSec=4s TimeoutStopSec=1s RestartSec=100ms
    unit restart postured
    main=$(property postured MainPID)
    sleep 10
    is "$(property postured MainPID)" "$main" "a daemon that is well is left alone"
    unit kill -s STOP postured
    within 60 "stopped in its tracks, it is started anew" is_another "$main"
    show journal -u postured -g Watchdog
    unhurry
}

is_stopped() { [ -z "$(unit list-units --no-legend --plain --state=active,activating,deactivating 'postured*')" ]; }
scenario_stop() {
    unit stop postured
    # Not killed for want of an answer.
    is "$(property postured Result)" success "the stop"
    within 60 "no unit of it is left" is_stopped
    refuses run test -e /run/postured-collector.sock
    unit start postured
    are_active postured postured-collector.socket postured-nssdb.path
    is "$(unit list-units --failed --no-legend --plain 'postured*')" "" "units that failed"
}

