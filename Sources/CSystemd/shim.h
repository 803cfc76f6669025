/* libsystemd as Swift sees it. Only sd_notify(3) is used so far. */
#pragma once
#include <systemd/sd-daemon.h>
