# What the scorer does on a machine that it is installed and configured on. Sourced by scripts/e2e.

as_scorer() { run runuser -u posture-scorer -- "$@"; }
database=/var/lib/posture-scorer/scorer.sqlite

scenario_scorer() {
    local before main
    show unit status --no-pager -n 0 posture-scorer
    within 90 "the status counts the device, as of the last minute" counts_the_device
    main=$(property posture-scorer MainPID)
    run grep -qP '^CapEff:\t0{16}$' "/proc/$main/status"
    is "$(run stat -c '%U %a' /var/lib/posture-scorer)" "posture-scorer 700"
    # A configuration that is wrong: no loop, a line that says what to do, and no score that is wrong.
    before=$(moment)
    run cp /etc/posture-scorer/scorer.toml /root/scorer.toml
    run sh -c 'echo "audience = 1" >>/etc/posture-scorer/scorer.toml'
    refuses unit restart posture-scorer
    sleep 3
    is "$(property posture-scorer ActiveState) $(property posture-scorer ExecMainStatus)" "failed 78" "with a wrong configuration"
    show unit status --no-pager -n 3 posture-scorer
    has "$(journal --since "$before" -u posture-scorer)" "scorer.toml"
    run cp /root/scorer.toml /etc/posture-scorer/scorer.toml
    unit reset-failed posture-scorer
    start_scorer
    within 60 "with the right one again, a report arrives" run postured report
    port_is_taken
    start_hangs
}

counts_the_device() { [[ $(property posture-scorer StatusText) == "1 device"* ]]; }
scorer_drop_in() {  # LINE…
    { echo "[Service]"; printf '%s\n' "$@"; } | write /run/systemd/system/posture-scorer.service.d/e2e.conf
    unit daemon-reload
}
scorer_is() { [ "$(property posture-scorer ActiveState) $(property posture-scorer "$1")" = "$2" ]; }

# Another program has the port, and keeps it.
port_is_taken() {
    stop_scorer
    run systemd-run -q --unit e2e-port --collect python3 -m http.server --bind 127.0.0.1 8080
    within 60 "another program listens" run curl -so /dev/null "$url"
    refuses unit start posture-scorer
    has "$(property posture-scorer StatusText)" "ss -ltnp 'sport = :8080'"
    scorer_drop_in RestartSec=100ms
    has "$(run ss -ltnp 'sport = :8080')" python3
    within 180 "after sixty starts it is not started again" scorer_is ExecMainStatus "failed 69"
    show unit status --no-pager -n 1 posture-scorer
    is "$(property posture-scorer NRestarts)" 59 "restarts"
    refuses run test -e /run/posture-scorer
    unit stop e2e-port
    run rm -r /run/systemd/system/posture-scorer.service.d
    unit daemon-reload
    unit reset-failed posture-scorer
    start_scorer
    refuses run test -e /run/posture-scorer/port-taken
}

# A start that does not come to its end, here for a lock, is ended; and tried again.
start_hangs() {
    stop_scorer
    run systemd-run -q --unit e2e-lock --collect flock /var/lib/posture-scorer sleep 1000
    within 60 "another program has the lock" refused run flock -n /var/lib/posture-scorer true
    scorer_drop_in TimeoutStartSec=2s TimeoutStopSec=1s RestartSec=100ms
    refuses unit start posture-scorer
    within 60 "it is ended" said_of_the_scorer "start operation timed out"
    unit stop e2e-lock
    within 60 "without the lock it is ready" run curl -fso /dev/null "$operators/readyz"
    run rm -r /run/systemd/system/posture-scorer.service.d
    unit daemon-reload
    unit restart posture-scorer
}
refused() { ! "$@"; }
said_of_the_scorer() { [[ $(journal -u posture-scorer -n 20) == *"$1"* ]]; }

# A copy while it runs, and back to it.
scenario_backup() {
    local before
    import
    within 60 "with the certificate" has_score "$full"
    run rm -rf /var/lib/posture-scorer/e2e-backup
    as_scorer posture-scorer backup create /var/lib/posture-scorer/e2e-backup
    is "$(run stat -c '%U %a' /var/lib/posture-scorer/e2e-backup)" "posture-scorer 600"
    refuses as_scorer posture-scorer backup create /var/lib/posture-scorer/e2e-backup
    delete
    within 60 "later, without the certificate" has_score "$without"
    unit stop postured posture-scorer
    run sh -c "rm -f $database-wal $database-shm; mv /var/lib/posture-scorer/e2e-backup $database"
    start_scorer
    is "$(score)" "$full" "the score, restored"
    unit start postured
    within 60 "the agent reports, and the score is today's" has_score "$without"
}

# A database that a later version has written to: not touched, and said what to do.
scenario_downgrade() {
    local sum
    stop_scorer
    run cp -a /var/lib/posture-scorer /root/posture-scorer
    run python3 -c "import sqlite3; d = sqlite3.connect('$database'); d.execute(\"INSERT INTO grdb_migrations VALUES ('9-later')\"); d.commit(); d.execute('PRAGMA wal_checkpoint(TRUNCATE)'); d.close()"
    run chown posture-scorer: "$database"
    sum=$(run sha256sum "$database")
    refuses unit start posture-scorer
    is "$(property posture-scorer ActiveState) $(property posture-scorer ExecMainStatus)" "failed 65" "with a newer database"
    has "$(property posture-scorer StatusText)" "or restore a backup from before the upgrade"
    show unit status --no-pager -n 4 posture-scorer
    is "$(run sha256sum "$database")" "$sum" "the newer database, before and after"
    run rm -rf /var/lib/posture-scorer
    run cp -a /root/posture-scorer /var/lib/
    unit reset-failed posture-scorer
    start_scorer
    within 60 "with the right database again, a report arrives" run postured report
}
