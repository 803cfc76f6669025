# What becomes of a machine when packages come, change and go. Sourced by scripts/e2e.

debs() { echo "$packages/$1_"*.deb; }
put_packages() {
    local package
    for package in postured posture-scorer; do put "$(debs $package)" "/root/$package.deb"; done
}

# The version before this one, as far as packages go: the same programs under a lower number, and another example.
put_earlier_packages() {
    local package file
    for package in postured posture-scorer; do
        dpkg-deb -R "$(debs $package)" "$dir/$package"
        sed -i 's/^Version: .*/Version: 0.0.1~earlier/' "$dir/$package/DEBIAN/control"
        sed -i 's/^MaxConnections=.*/MaxConnections=3/' "$dir/$package"/{,usr/}lib/systemd/system/*.socket 2>/dev/null || :
        for file in "$dir/$package"/etc/*/*.toml; do echo "# of the version before" >>"$file"; done
        dpkg-deb -Zgzip --root-owner-group -b "$dir/$package" "$dir/$package-earlier.deb" >/dev/null
        put "$dir/$package-earlier.deb" "/root/$package-earlier.deb"
    done
}

# Every file there is, but what a running system and the package manager write for themselves.
files() {
    run find / -xdev \( -path /root -o -path /tmp -o -path /var/log -o -path /var/cache -o -path /var/tmp -o -path /run \
        -o -path /proc -o -path /sys -o -path /dev -o -path /var/lib/dpkg -o -path /var/lib/apt \
        -o -path /var/lib/systemd/catalog/database -o -path '/var/lib/systemd/timers/*' \
        -o -path /var/lib/systemd/random-seed \) -prune -o -print | sort
}

scenario_fresh() {
    run umount /sys/class  # What boot-debian laid over it: no DMI at all.
    refuses run test -e /sys/class/dmi/id/product_serial
    files >"$dir/files-before"
    put_packages
    install_packages /root/postured.deb /root/posture-scorer.deb
    sleep 5
    are_active postured-collector.socket postured-nssdb.path
    for program in postured posture-scorer; do
        unit is-enabled -q $program || fail "$program is not enabled"
        are_active $program
        is "$(property $program NRestarts)" 0 "restarts of $program"
        show unit status --no-pager -n 3 $program
    done
    has "$(property postured StatusText)" "waiting for a configuration: /etc/postured/postured.toml: no scorer is configured: set scorer.url"
    is "$(unit list-units --failed --no-legend --plain 'posture*')" "" "units that failed"
    has "$(run sh -c 'postured status; true')" "none configured"
    show run postured facts
}

# Of the machine that scenario_fresh has installed them on.
scenario_leave() {
    run apt-get purge -y -qq postured posture-scorer >"$dir/apt.log" 2>&1 || { cat "$dir/apt.log"; fail "purge"; }
    nothing_is_left
}
nothing_is_left() {
    refuses run pgrep -u postured,postured-collector,posture-scorer
    is "$(unit list-units --all --no-legend --plain 'posture*')" "" "units"
    is "$(run sh -c 'ls -d /run/posture* /var/lib/private/posture* 2>/dev/null; true')" "" "files of a service"
    files >"$dir/files-after"
    # The users stay, as sysusers.d(5) leaves them: what still bears their number is not given to somebody else.
    diff "$dir/files-before" "$dir/files-after" | grep '^[<>]' | grep -vE ' /etc/(passwd|group|shadow|gshadow|subuid|subgid)-?$' >"$dir/left" || :
    is "$(cat "$dir/left")" "" "files that came, or went"
}

scenario_upgrade() {
    local id main started
    id=$(device) main=$(property postured MainPID)
    has "$(run dpkg-query -W -f '${Version}' postured)" earlier
    echo '# what somebody wrote here' | run sh -c 'cat >>/etc/postured/postured.toml'
    install_packages /root/postured.deb /root/posture-scorer.deb
    are_active postured postured-collector.socket postured-nssdb.path posture-scorer
    is_another "$main" || fail "the daemon is not the new one"
    is "$(property postured-collector.socket MaxConnections)" 4 "the socket's unit is the new one"
    # From one stop to one start: what systemd and the journal saw.
    started=$(property postured ActiveEnterTimestampMonotonic)
    echo "without an agent for $(((started - $(property postured InactiveEnterTimestampMonotonic)) / 1000)) ms"
    has "$(run cat /etc/postured/postured.toml)" "what somebody wrote here"
    has "$(run cat /etc/posture-scorer/scorer.toml)" "$team"
    run rm -f /etc/postured/postured.toml.dpkg-dist /etc/posture-scorer/scorer.toml.dpkg-dist
    within 60 "upgraded: the scorer is ready" run curl -fso /dev/null "$operators/readyz"
    within 60 "upgraded: a report arrives" run postured report
    is "$(device)" "$id" "the device, before and after"
}

scenario_remove() {
    local id key
    id=$(device) key=$(run sha256sum /var/lib/postured-collector/device-key.pem)
    # A collector that hangs: it goes with the package.
    in_the_sandbox "/bin/sleep 1000" Type=exec
    run apt-get remove -y -qq postured posture-scorer >"$dir/apt.log" 2>&1 || { cat "$dir/apt.log"; fail "remove"; }
    refuses run pgrep -u postured,postured-collector,posture-scorer
    within 60 "removed: no unit of it is left" is_stopped
    is "$(run sha256sum /var/lib/postured-collector/device-key.pem)" "$key" "the device's key"
    run test -e /etc/postured/postured.toml.d/company.toml
    install_packages /root/postured.deb /root/posture-scorer.deb
    within 60 "installed again: the scorer is ready" run curl -fso /dev/null "$operators/readyz"
    is "$(operator v1/devices | jq '.devices | length')" 1 "the devices that the scorer knows"
    within 60 "installed again: a report arrives" run postured report
    is "$(device)" "$id" "the device, before and after"
}

scenario_purge() {
    show run postured retire
    refuses run test -e /var/lib/postured-collector/device-key.pem
    run apt-get purge -y -qq postured posture-scorer >"$dir/apt.log" 2>&1 || { cat "$dir/apt.log"; fail "purge"; }
    # What this run made outside of the packages' own directories.
    unit stop e2e-access
    run rm -rf /etc/pki
    nothing_is_left
}
