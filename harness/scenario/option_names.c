/* One table of script options: packetdrill's own and ours, in the order of the alphabet. */
#include "scenario/option_names.h"

#include <string.h>

/* The first IGNORED_COUNT names are ignored, the others are meant. */
static const char *const names[] = {
    "code_command",
    "code_format",
    "code_sockopt",
    "debug",
    "dry_run",
    "gateway_ip",
    "init_scripts",
    "is_anyip",
    "mss",
    "netmask_ip",
    "non_fatal",
    "psp_udp_port",
    "send_omit_free",
    "so_filename",
    "so_flags",
    "speed",
    "strict_segments",
    "tcp_ts_ecr_scaled",
    "tcp_ts_tick_usecs",
    "tolerance_percent",
    "verbose",
    "wire_client",
    "wire_client_dev",
    "wire_server",
    "wire_server_at",
    "wire_server_dev",
    "wire_server_ip",
    "wire_server_port",
    /* meant */
    "bind_port",
    "connect_port",
    "define",
    "delay",
    "hosts",
    "ip_version",
    "limit",
    "local_ip",
    "mode",
    "mtu",
    "profile",
    "remote_ip",
    "set",
    "tolerance_usecs",
    "udp_encapsulation",
    "values",
};

#define IGNORED_COUNT 28
#define NAME_COUNT    (sizeof names / sizeof names[0])

enum option_use option_name_use(const char *name)
{
    for (size_t i = 0; i < NAME_COUNT; i++) {
        if (strcmp(names[i], name) == 0) {
            return i < IGNORED_COUNT ? OPTION_IGNORED : OPTION_MEANT;
        }
    }
    return OPTION_UNKNOWN;
}

const char *const *option_names(size_t *count)
{
    *count = NAME_COUNT;
    return names;
}

bool option_is_said(const struct scenario_option_line *options, size_t count, const char *name,
                    const char *value)
{
    for (size_t i = 0; i < count; i++) {
        if (strcmp(options[i].name, name) == 0 && strcmp(options[i].value, value) == 0) {
            return true;
        }
    }
    return false;
}
