# What only a machine of its own can do: another time, and a loss of power. Sourced by scripts/e2e.

scenario_clock() {
    import
    within 120 "with the certificate" has_score "$full"
    # The certificate is for 90 days.
    run date -s "+100 days"
    rm -f "$dir/access-token"
    within 120 "a hundred days later it has expired" has_score "$without"
    has "$(run sh -c 'postured check; true')" "expired"
    run date -s "-100 days"
    rm -f "$dir/access-token"
    # What was reported in days to come must not lock the machine out today.
    within 120 "the clock is right again" has_score "$full"
    delete
    within 120 "without the certificate" has_score "$without"
}

# The power goes while reports come, and what was acknowledged is there afterwards.
scenario_power() {
    local id round acknowledged kept
    id=$(device)
    # What is there after the cut is looked at before there are further reports.
    unit disable postured
    for round in 1 2 3; do
        run rm -f /root/acknowledged
        # Reports without end, and in a file the scorer's moment of the last one that was acknowledged, in microseconds.
        run sh -c "while postured report; do $(received) >/root/new && mv /root/new /root/acknowledged; done" >/dev/null 2>&1 &
        within 60 "reports are acknowledged" run test -s /root/acknowledged
        sleep $((RANDOM % 4))
        acknowledged=$(run cat /root/acknowledged)
        [ $round != 3 ] || run sh -c 'systemctl enable postured && sync'
        scripts/boot-debian cut "$name"
        wait $! 2>/dev/null || :
        kept=$(run sh -c "$(received)")
        [ "$kept" -ge "$acknowledged" ] || fail "a report of $acknowledged was acknowledged; the newest is of $kept"
        stand_in
        within 60 "power cut $round: the scorer is ready" run curl -fso /dev/null "$operators/readyz"
        [ $round = 3 ] || unit start postured
        within 60 "power cut $round: the agent reports" run postured report
        is "$(device)" "$id" "the device, before and after"
    done
    is "$(unit list-units --failed --no-legend --plain 'posture*')" "" "units that failed"
    refuses run journalctl --no-pager -g 'the state is damaged' -u postured
}
received() {
    echo "python3 -c 'import sqlite3; print(sqlite3.connect(\"file:$database?mode=ro\", uri=True).execute(\"SELECT max(received_at) FROM device\").fetchone()[0])'"
}

# What a container has no controllers for.
scenario_limits() {
    local program
    for program in postured posture-scorer; do
        echo "$program: $(run cat "/sys/fs/cgroup/system.slice/$program.service/memory.max") bytes, $(run cat "/sys/fs/cgroup/system.slice/$program.service/pids.max") tasks"
        is "$(run cat "/sys/fs/cgroup/system.slice/$program.service/memory.max")" "$(property $program MemoryMax)"
        is "$(run cat "/sys/fs/cgroup/system.slice/$program.service/pids.max")" "$(property $program TasksMax)"
        for limit in MemoryMax TasksMax; do [ "$(property $program $limit)" != infinity ] || fail "$program has no $limit"; done
    done
    in_the_sandbox "/bin/sh -c 'cd /sys/fs/cgroup\$\$(cut -d: -f3 /proc/self/cgroup) && cat memory.max pids.max'"
    is "$(journal -u postured-collector@probe.service -t sh | tail -2 | tr '\n' ' ')" "524288000 64 " "the collector's"
}
