/// Where it is said why one of the agent's services does not run.
package enum ServiceAdvice {
    /// The daemon does not answer.
    ///
    /// What systemd refuses before a program starts is in no message of the program's.
    package static let noDaemon =
        "systemctl status postured, and journalctl -b -u postured, say why it does not run; status=238/STATE_DIRECTORY: "
        + "systemd refuses /var/lib/postured, which has to be a directory and no symbolic link"

    /// The collector ends without an answer.
    package static let noCollector =
        "journalctl -b -u 'postured-collector@*' says why; status=238/STATE_DIRECTORY: systemd refuses "
        + "/var/lib/postured-collector, which has to be a directory and no symbolic link"
}
