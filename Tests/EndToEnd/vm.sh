# What only a machine of its own can do: another time, and a loss of power. Sourced by scripts/e2e.

scenario_clock() {
    import
    within 120 "with the certificate" has_score "$full"
    # The certificate is for 90 days.
    run date -s "+100 days"
    token_made=-1000
    within 120 "a hundred days later it has expired" has_score "$without"
    has "$(run sh -c 'postured check; true')" "expired"
    run date -s "-100 days"
    token_made=-1000
    # What was reported in days to come must not lock the machine out today.
    within 120 "the clock is right again" has_score "$full"
    delete
    within 120 "without the certificate" has_score "$without"
}

# The power goes while reports come, and what was acknowledged is there afterwards.
scenario_power() {
    local id round acknowledged stored
    id=$(device)
    for round in 1 2 3; do
        run sh -c 'while postured report --json >/root/answer.new 2>/dev/null; do sync /root/answer.new; mv /root/answer.new /root/answer; done' &
        sleep $((RANDOM % 4 + 4))
        acknowledged=$(run cat /root/answer | jq .received_at)
        scripts/boot-debian cut "$name"
        wait $! 2>/dev/null || :
        stand_in
        within 240 "power cut $round: the scorer is ready" run curl -fso /dev/null "$operators/readyz"
        stored=$(record | jq .received_at)
        [ "$stored" -ge "$acknowledged" ] || fail "a report of $acknowledged was acknowledged; the newest is of $stored"
        within 240 "power cut $round: the agent reports" run postured report
        is "$(device)" "$id" "the device, before and after"
    done
    is "$(unit list-units --failed --no-legend --plain 'posture*')" "" "units that failed"
    refuses run journalctl --no-pager -g 'the state is damaged' -u postured
}
