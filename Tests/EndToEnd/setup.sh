# A scorer and an agent that know each other, a certificate, and Cloudflare's question. Sourced by scripts/e2e.

url=http://127.0.0.1:8080 operators=http://127.0.0.1:8081 team=http://127.0.0.1:8082
warp_id=9ece5fab-7398-488a-a575-e25a9a3dec07

# What Cloudflare gets for a row; its token holds for five minutes.
ask() {  # DEVICE-ID SERIAL HOSTNAME
    [ -n "$(find "$dir/access-token" -mmin -2 2>/dev/null)" ] ||
        run python3 /root/access-standin /root/access token e2e "$team" >"$dir/access-token"
    jq -n '{devices: [{device_id: $ARGS.positional[0], serial_number: $ARGS.positional[1], hostname: $ARGS.positional[2],
        email: "", mac_address: "", virtual_ipv4: ""}]}' --args "$@" |
        run curl -fsS "$url/v1/cloudflare/posture" -H "Cf-Access-Jwt-Assertion: $(cat "$dir/access-token")" \
            -H 'Content-Type: application/json' --data @- | jq ".result[\"$1\"].score"
}
score() { ask "$warp_id" "$serial" "$(run hostname)"; }
has_score() { [ "$(score)" = "$1" ]; }
has_another_score() { local now; now=$(score) && [ -n "$now" ] && [ "$now" != "$1" ]; }
device() { run postured status --json | jq -r .answer.device; }
# How many reports the scorer has taken since its start.
accepted() { operator metrics | sed -n 's/^posture_scorer_reports_total{outcome="ok"} //p'; }
operator() { run sh -c "curl -fsS $operators/$1 -H \"Authorization: Bearer \$(cat /var/lib/posture-scorer/operator-token)\""; }
# The newest report as the scorer keeps it.
stored() {
    run python3 -c 'import sqlite3, sys
print(sqlite3.connect(f"file:{sys.argv[1]}?mode=ro", uri=True).execute("SELECT payload FROM report WHERE device = ?", sys.argv[2:]).fetchone()[0].decode())' \
        /var/lib/posture-scorer/scorer.sqlite "$(device)"
}

import() { run pk12util -i "${1:-/root/device.p12}" -d sql:/etc/pki/nssdb -W demo -K ''; }
delete() { run certutil -F -n demo -d sql:/etc/pki/nssdb; }
start_scorer() { unit start posture-scorer; within 60 "the scorer is ready" run curl -fso /dev/null "$operators/readyz"; }
stop_scorer() { unit stop posture-scorer; }

# MARK: - The two of them

configure() {  # WARP-IDS
    write /etc/postured/postured.toml.d/company.toml <<TOML
warp_ids = [${1-\"$warp_id\"}]
[scorer]
url = "$url"
enrolment_token_file = "/var/lib/postured/enrolment-token"
[[check]]
id = "corp"
database = "/etc/pki/nssdb"
common_name = "laptop-1.example.com"
trusted = ["/etc/postured/ca.pem"]
TOML
}

# The scorer's file as it comes, and below it what a company adds: its CA, and Access.
configure_scorer() {
    put "$dir/pki/root.pem" /root/root.pem
    local authority
    authority=$(run posture-scorer ca add "Demo Root CA" /root/root.pem)
    run sh -c 'cat >>/etc/posture-scorer/scorer.toml' <<TOML
[access]
team_domain = "$team"
audience = "e2e"
[[check]]
id = "corp"
trusted = ["$authority"]
TOML
    run mkdir -p /root/access
    put scripts/access-standin /root/access-standin
    stand_in
    unit restart posture-scorer
    within 60 "the scorer is ready" run curl -fso /dev/null "$operators/readyz"
}

# Cloudflare Access, which cannot run here.
stand_in() { run systemd-run -q --unit e2e-access --collect python3 /root/access-standin /root/access serve 8082; }

configure_agent() {
    run sh -c 'mkdir -p -m 700 /etc/pki/nssdb && certutil -N -d sql:/etc/pki/nssdb --empty-password && chmod 600 /etc/pki/nssdb/*'
    put "$dir/pki/root.pem" /etc/postured/ca.pem
    put "$dir/pki/device.p12" /root/device.p12
    put "$dir/pki/renewed.p12" /root/renewed.p12
    put "$dir/other/device.p12" /root/other.p12
    put "$dir/pki/issuing.pem" /root/issuing.pem
    run certutil -A -d sql:/etc/pki/nssdb -n issuing -t ,, -i /root/issuing.pem
    run posture-scorer tokens create | write /root/token
    run install -o postured -m 600 /root/token /var/lib/postured/enrolment-token
}

# Not by a serial number and a host name, which anybody can say, as long as the machine names no WARP id; then by that.
introduce() {
    configure ""
    within 60 "the agent noticed its configuration, and the first report has arrived" has_reported
    echo "device $(device)"
    is "$(score)" 0 "a row of a machine that says it has no WARP client"
    [ -z "$serial" ] || has "$(stored)" "$serial" "the serial number reached the scorer"
    configure
    within 60 "it is known by its WARP id as well" has_another_score 0
    without=$(score)
    import
    within 60 "with the certificate, more" has_another_score "$without"
    full=$(score)
    delete
    within 60 "and without, less" has_score "$without"
    # By the standard policy; the serial number is worth ten.
    [ -z "$serial" ] || is "$full $without" "100 30" "the scores with the certificate, and without"
    echo "score $full with the certificate, $without without it"
}
has_reported() { [ "$(device)" != null ]; }
