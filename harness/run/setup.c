/* From options to a configuration: profile, settings of the script, settings of the command line (which
 * win), addresses, ports, IP version. */
#include "run/runner.h"

#include "scenario/parse.h"
#include "scenario/units.h"

#include <inttypes.h>
#include <string.h>

#define COMPAT_TOLERANCE_US 4000
#define LIMIT_MAX           10000u
#define MTU_EXTRA_IPV6      20 /* so that segments are as large as over IPv4 */

/* ---- settings ------------------------------------------------------------------------------------- */

#define FIELDS_MAX 256

/* The field that an unknown name may have meant, or NULL. */
static const char *nearest_field(const char *name)
{
    const char *names[FIELDS_MAX];
    size_t count;
    const struct tcp_config_field *const rows = tcp_config_fields(&count);
    count = count < FIELDS_MAX ? count : FIELDS_MAX;
    for (size_t i = 0; i < count; i++) {
        names[i] = rows[i].name;
    }
    return diagnostic_nearest(name, names, count);
}

static bool is_field(const char *name)
{
    uint64_t value;
    const struct tcp_config config = {0};
    return tcp_config_get(&config, name, &value) == TCP_OK;
}

static bool fail_unknown_field(struct run *run, const char *name, struct source_span span)
{
    const char *const near = nearest_field(name);
    if (near != NULL) {
        return run_fail(run, RUN_INVALID, span,
                        "there is no configuration field %s; did you mean %s?", name, near);
    }
    return run_fail(run, RUN_INVALID, span, "there is no configuration field %s", name);
}

bool setup_set(struct run *run, const char *name, uint64_t value, struct source_span span)
{
    if (!is_field(name)) {
        return fail_unknown_field(run, name, span);
    }
    if (tcp_config_set(&run->config, name, value) != TCP_OK) {
        return run_fail(run, RUN_INVALID, span, "%" PRIu64 " does not fit into %s", value, name);
    }
    return true;
}

/* `name=value`. */
static bool assign(struct run *run, const char *assignment, struct source_span span)
{
    const char *const equals = strchr(assignment, '=');
    uint64_t value;
    if (equals == NULL) {
        return run_fail(run, RUN_INVALID, span, "a setting is written name=value, not %s",
                        assignment);
    }
    const size_t length = (size_t)(equals - assignment);
    const char *const name = arena_copy_text(run->arena, assignment, length);
    const char *const fault = units_setting(name, length, equals + 1, strlen(equals + 1), &value);
    if (fault != NULL && is_field(name)) {
        return run_fail(run, RUN_INVALID, span, "%s: %s", assignment, fault);
    }
    return setup_set(run, name, fault == NULL ? value : 0, span);
}

struct tcp_config setup_live_config(const struct run *run)
{
    struct tcp_config config = run->config;
    if (run->ip_version == 6) {
        config.mtu += MTU_EXTRA_IPV6;
    }
    return config;
}

/* ---- options of the script -------------------------------------------------------------------------- */

static const struct scenario_option_line *option_line(const struct run *run, const char *name)
{
    const struct scenario_option_line *found = NULL;
    for (size_t i = 0; i < run->scenario->option_count; i++) {
        if (strcmp(run->scenario->options[i].name, name) == 0) {
            found = &run->scenario->options[i];
        }
    }
    return found;
}

static bool number_option(struct run *run, const char *name, uint64_t most, uint64_t *out)
{
    const struct scenario_option_line *const line = option_line(run, name);
    if (line == NULL) {
        return true;
    }
    if (units_setting(name, strlen(name), line->value, strlen(line->value), out) != NULL ||
        *out > most) {
        return run_fail(run, RUN_INVALID, line->span, "%s is no value for --%s", line->value, name);
    }
    return true;
}

static bool port_option(struct run *run, const char *name, uint16_t *out)
{
    uint64_t port = *out;
    if (!number_option(run, name, UINT16_MAX, &port)) {
        return false;
    }
    *out = (uint16_t)port;
    return true;
}

static bool choose_version(struct run *run)
{
    const struct scenario_option_line *const line = option_line(run, "ip_version");
    uint8_t script = 0; /* either */
    if (line != NULL) {
        if (strcmp(line->value, "ipv4") == 0 || strcmp(line->value, "ipv4-mapped-ipv6") == 0) {
            script = 4;
        } else if (strcmp(line->value, "ipv6") == 0) {
            script = 6;
        } else if (strcmp(line->value, "both") != 0) {
            return run_fail(run, RUN_INVALID, line->span,
                            "--ip_version is ipv4, ipv6 or both, not %s", line->value);
        }
    }
    run->ip_version = run->options->ip_version;
    if (run->ip_version == 0) {
        run->ip_version = script == 0 ? 4 : script;
    }
    run->trace->ip_version = run->ip_version;
    if (script != 0 && script != run->ip_version) {
        return run_fail(run, RUN_SKIPPED, line->span, "the script is for %s only", line->value);
    }
    if (run->ip_version == 6 && (run->sut->capabilities & SUT_IPV6) == 0) {
        return run_fail(run, RUN_SKIPPED, (struct source_span){0}, "%s has no IPv6",
                        run->sut->name);
    }
    return true;
}

static bool choose_mode(struct run *run)
{
    static const struct {
        const char *name;
        enum run_mode mode;
    } modes[] = {{"strict", RUN_STRICT},
                 {"compat", RUN_COMPAT},
                 {"portable", RUN_PORTABLE},
                 {"causes", RUN_CAUSES}};
    const struct scenario_option_line *const line = option_line(run, "mode");
    run->mode = run->options->mode;
    if (run->options->mode_wins) {
        return true;
    }
    for (size_t i = 0; line != NULL && i < sizeof modes / sizeof modes[0]; i++) {
        if (strcmp(line->value, modes[i].name) == 0) {
            run->mode = modes[i].mode;
            return true;
        }
    }
    return line == NULL ||
           run_fail(run, RUN_INVALID, line->span,
                    "%s is no mode; the modes are strict, compat, portable, causes", line->value);
}

static bool choose_profile(struct run *run)
{
    const struct scenario_option_line *const line = option_line(run, "profile");
    const char *name = line == NULL ? "rfc" : line->value;
    name = run->options->profile != NULL ? run->options->profile : name;
    if (tcp_config_profile(name, &run->config)) {
        return true;
    }
    return run_fail(run, RUN_INVALID, line == NULL ? (struct source_span){0} : line->span,
                    "there is no profile %s", name);
}

static bool address_option(struct run *run, const char *name, const char *usual_4,
                           const char *usual_6, struct tcp_address *out)
{
    const char *text = run->ip_version == 6 ? usual_6 : usual_4;
    struct source_span span = {0};
    /* local_ip and remote_ip are one option each: lines of the other version do not concern. */
    for (size_t i = 0; i < run->scenario->option_count; i++) {
        const struct scenario_option_line *const line = &run->scenario->options[i];
        const bool is_6 = strchr(line->value, ':') != NULL;
        if (strcmp(line->name, name) == 0 && is_6 == (run->ip_version == 6)) {
            text = line->value;
            span = line->span;
        }
    }
    return argument_address(run, text, strlen(text), span, out);
}

static bool choose_addresses(struct run *run)
{
    run->bind_port = run->connect_port = 8080;
    run->peer_port = 40000;
    return address_option(run, "local_ip", "192.168.0.1", "fd3d:fa7b:d17d::1", &run->local) &&
           address_option(run, "remote_ip", "192.0.2.1", "2001:db8::1", &run->remote) &&
           port_option(run, "bind_port", &run->bind_port) &&
           port_option(run, "connect_port", &run->connect_port);
}

/* --limit=streams=1: how much the host can hold. */
static bool set_limit(struct run *run, const char *assignment, struct source_span span)
{
    const struct {
        const char *name;
        uint32_t *limit;
    } limits[] = {
        {"connections", &run->limits.connections}, {"paths", &run->limits.paths},
        {"streams", &run->limits.streams},         {"islands", &run->limits.islands},
        {"answers", &run->limits.answers},         {"sockets", &run->limits.sockets},
        {"operations", &run->limits.operations},   {"path_mtus", &run->limits.path_mtus},
    };
    const char *const equals = strchr(assignment, '=');
    const size_t length = equals == NULL ? strlen(assignment) : (size_t)(equals - assignment);
    for (size_t i = 0; i < sizeof limits / sizeof limits[0]; i++) {
        uint64_t value = 0;
        if (strlen(limits[i].name) != length || memcmp(limits[i].name, assignment, length) != 0) {
            continue;
        }
        if (equals == NULL || strlen(equals + 1) == 0 || strspn(equals + 1, "0123456789") > 5 ||
            units_setting(limits[i].name, length, equals + 1, strlen(equals + 1), &value) != NULL ||
            value > LIMIT_MAX) {
            return run_fail(run, RUN_INVALID, span, "a limit is written --limit=NAME=0 to %u",
                            LIMIT_MAX);
        }
        *limits[i].limit = (uint32_t)value;
        return true;
    }
    return run_fail(run, RUN_INVALID, span,
                    "there is no such limit; there are connections, paths, streams, islands, "
                    "answers, sockets, operations, path_mtus");
}

static bool apply_limits(struct run *run)
{
    run->limits = tcp_limits_small();
    for (size_t i = 0; i < run->scenario->option_count; i++) {
        const struct scenario_option_line *const line = &run->scenario->options[i];
        if (strcmp(line->name, "limit") == 0 && !set_limit(run, line->value, line->span)) {
            return false;
        }
    }
    return true;
}

static bool apply_settings(struct run *run)
{
    static const uint8_t secret[16] = "finwait's secret";
    uint64_t mtu = run->config.mtu;
    memcpy(run->config.secret, secret, sizeof secret);
    if (!number_option(run, "mtu", UINT32_MAX, &mtu)) {
        return false;
    }
    run->config.mtu = (uint32_t)mtu;
    for (size_t i = 0; i < run->scenario->option_count; i++) {
        const struct scenario_option_line *const line = &run->scenario->options[i];
        if (strcmp(line->name, "set") == 0 && !assign(run, line->value, line->span)) {
            return false;
        }
    }
    for (size_t i = 0; i < run->options->setting_count; i++) {
        if (!assign(run, run->options->settings[i], (struct source_span){0})) {
            return false;
        }
    }
    const char *const complaint = tcp_config_check(&run->config);
    if (complaint != NULL) {
        return run_fail(run, RUN_INVALID, (struct source_span){0}, "%s", complaint);
    }
    const struct tcp_config live = setup_live_config(run);
    const char *const of_live = tcp_config_check(&live);
    return of_live == NULL || run_fail(run, RUN_INVALID, (struct source_span){0},
                                       "%s, and over IPv6 %d is added", of_live, MTU_EXTRA_IPV6);
}

/* The command line's, else the script's, else none in strict mode; other people's scripts were written
 * for real kernels, which need some. */
static bool choose_tolerance(struct run *run)
{
    const bool is_ours = run->mode == RUN_STRICT || run->mode == RUN_CAUSES;
    run->tolerance_us = is_ours ? 0 : COMPAT_TOLERANCE_US;
    if (!number_option(run, "tolerance_usecs", UINT32_MAX, &run->tolerance_us)) {
        return false;
    }
    if (run->options->tolerance_us != 0) {
        run->tolerance_us = (uint64_t)run->options->tolerance_us;
    }
    return true;
}

bool setup_read(struct run *run)
{
    return choose_version(run) && choose_mode(run) && choose_tolerance(run) &&
           choose_profile(run) && choose_addresses(run) && apply_limits(run) && apply_settings(run);
}
