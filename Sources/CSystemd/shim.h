/* libsystemd as Swift sees it: sd_notify(3), sd_listen_fds(3) and their like, and sd_journal_sendv(3). */
#pragma once
#include <systemd/sd-daemon.h>
#include <systemd/sd-journal.h>
