/* libsystemd as Swift sees it: sd_notify(3), sd_listen_fds(3) and their like, sd_journal_sendv(3), and sd-bus(3) for the
 * states of units. */
#pragma once
#include <systemd/sd-bus.h>
#include <systemd/sd-daemon.h>
#include <systemd/sd-journal.h>
