/* The table of configuration fields, by name. */
#include "tcp/config.h"

#include <string.h>

#include "tcb/tcb.h"

static const struct tcp_config_field fields[] = {
#define FIELD(kind, name, value, live, text)                                                       \
    {#name, text, TCP_CONFIG_##kind, live, offsetof(struct tcp_config, name)},
    TCP_CONFIG_FIELDS(FIELD)
#undef FIELD
};

#define FIELD_COUNT (sizeof fields / sizeof *fields)

const struct tcp_config_field *tcp_config_fields(size_t *count)
{
    *count = FIELD_COUNT;
    return fields;
}

bool tcp_config_profile(const char *name, struct tcp_config *out)
{
    if (strlen(name) != 3 || memcmp(name, "rfc", 3) != 0) {
        return false;
    }
    *out = (struct tcp_config){
#define DEFAULT(kind, name, value, live, text) .name = value,
        TCP_CONFIG_FIELDS(DEFAULT)
#undef DEFAULT
    };
    return true;
}

const char *tcp_congestion_control_name(enum tcp_congestion_control control)
{
    switch (control) {
    case TCP_CONGESTION_RENO:
        return "reno";
    case TCP_CONGESTION_CUBIC:
        break;
    }
    return "cubic";
}

bool tcp_congestion_control_find(const char *name, size_t length, enum tcp_congestion_control *out)
{
    for (uint32_t i = 0; i < TCP_CONGESTION_CONTROLS; i++) {
        const char *known = tcp_congestion_control_name((enum tcp_congestion_control)i);
        if (strlen(known) == length && memcmp(known, name, length) == 0) {
            *out = (enum tcp_congestion_control)i;
            return true;
        }
    }
    return false;
}

/* Most names differ in their first characters. */
static bool is_same(const char *a, const char *b)
{
    while (*a != '\0' && *a == *b) {
        a++;
        b++;
    }
    return *a == *b;
}

static const struct tcp_config_field *find(const char *name)
{
    for (size_t i = 0; i < FIELD_COUNT; i++) {
        if (is_same(fields[i].name, name)) {
            return &fields[i];
        }
    }
    return NULL;
}

enum tcp_error tcp_config_set(struct tcp_config *config, const char *name, uint64_t number)
{
    const struct tcp_config_field *field = find(name);
    if (field == NULL || (field->kind == TCP_CONFIG_U32 && number > UINT32_MAX)) {
        return TCP_ERROR_ARGUMENT;
    }
    const uint32_t narrow = (uint32_t)number;
    uint8_t *at = (uint8_t *)config + field->offset;
    if (field->kind == TCP_CONFIG_U32) {
        memcpy(at, &narrow, sizeof narrow);
    } else {
        memcpy(at, &number, sizeof number);
    }
    return TCP_OK;
}

enum tcp_error tcp_config_get(const struct tcp_config *config, const char *name, uint64_t *out)
{
    const struct tcp_config_field *field = find(name);
    if (field == NULL) {
        return TCP_ERROR_ARGUMENT;
    }
    const uint8_t *at = (const uint8_t *)config + field->offset;
    uint32_t narrow = 0;
    if (field->kind == TCP_CONFIG_U32) {
        memcpy(&narrow, at, sizeof narrow);
        *out = narrow;
    } else {
        memcpy(out, at, sizeof *out);
    }
    return TCP_OK;
}

/* Times beyond this would not fit the 32 bits in which a TCB keeps its RTO. */
#define TIMEOUT_MAX_US UINT64_C(4000000000)
/* So that no sum of a time and a setting leaves 64 bits. */
#define DURATION_MAX_US (UINT64_C(1) << 60)
/* RFC 9293 3.8.6.3 wants less, RFC 5681 no more than it. */
#define DELAYED_ACK_LIMIT_US 500000u
/* An IPv6 header, a TCP header and the smallest segment that a peer may impose. */
#define MTU_MIN               108u
#define PATH_MTU_RAISE_MIN_US UINT64_C(300000000)
/* A TCB counts repetitions in a row up to one more, and stays there: R1 is passed once (3.8.3). */
#define R1_RETRIES_MAX (UINT8_MAX - 1)

/* What decides how much leaves at once. */
static const char *check_windows(const struct tcp_config *config)
{
    if (config->ack_every_segments == 0) {
        return "ack_every_segments must be positive";
    }
    if (config->ack_limit > UINT16_MAX) {
        return "ack_limit must be 65535 or less";
    }
    if (config->congestion_control >= TCP_CONGESTION_CONTROLS) {
        return "congestion_control must be 0 (reno) or 1 (cubic)";
    }
    if (config->initial_window_segments == 0 || config->initial_window_segments > 1000) {
        return "initial_window_segments must be 1 to 1000";
    }
    return NULL;
}

static const char *check_choices(const struct tcp_config *config)
{
    if (config->nagle > 2) {
        return "nagle must be 0, 1 or 2";
    }
    if (config->ecn > 2 || config->ecn_fallback > 2) {
        return "ecn and ecn_fallback must be 0, 1 or 2";
    }
    return NULL;
}

const char *tcp_config_check(const struct tcp_config *config)
{
    if (config->mtu < MTU_MIN || config->mtu > UINT16_MAX) {
        return "mtu must be 108 to 65535";
    }
    if (config->mtu_smallest != 0 && config->mtu_smallest < MTU_MIN) {
        return "mtu_smallest must be 0 or at least 108";
    }
    if (config->ttl == 0 || config->ttl > UINT8_MAX) {
        return "ttl must be 1 to 255";
    }
    if (config->ds_field > TCB_DS_FIELD_MAX) {
        return "ds_field must be 0 to 63: the other two bits of the octet are ECN's (SHLD-22)";
    }
    if (config->send_buffer_bytes == 0) {
        return "send_buffer_bytes must not be 0";
    }
    if (config->port_min == 0 || config->port_min > config->port_max ||
        config->port_max > UINT16_MAX) {
        return "port_min and port_max must be a range within 1 to 65535";
    }
    if (config->rto_min_us == 0 || config->rto_initial_us == 0 ||
        config->rto_min_us > config->rto_max_us || config->rto_max_us > TIMEOUT_MAX_US ||
        config->rto_after_syn_loss_us == 0 || config->rto_after_syn_loss_us > TIMEOUT_MAX_US) {
        return "rto_min_us, rto_initial_us and rto_after_syn_loss_us must be positive, rto_min_us "
               "at most rto_max_us, all at most 4000 s";
    }
    if (config->persist_max_us == 0 || config->persist_max_us > TIMEOUT_MAX_US) {
        return "persist_max_us must be positive and at most 4000 s";
    }
    if (config->msl_us > DURATION_MAX_US || config->r2_us > DURATION_MAX_US ||
        config->r2_syn_us > DURATION_MAX_US || config->sws_override_us > DURATION_MAX_US ||
        config->user_timeout_us > DURATION_MAX_US || config->orphan_timeout_us > DURATION_MAX_US ||
        config->keep_alive_idle_us > DURATION_MAX_US ||
        config->keep_alive_interval_us > DURATION_MAX_US ||
        config->path_mtu_raise_us > DURATION_MAX_US) {
        return "every time must be below 2^60 us";
    }
    if (config->delayed_ack_us >= DELAYED_ACK_LIMIT_US) {
        return "delayed_ack_us must be below 500 ms (MUST-40)";
    }
    if (config->r2_us == 0 || config->r2_syn_us == 0 || config->sws_override_us == 0) {
        return "r2_us, r2_syn_us and sws_override_us must be positive";
    }
    if (config->user_timeout_us == 0 || config->keep_alive_idle_us == 0 ||
        config->keep_alive_interval_us == 0) {
        return "user_timeout_us, keep_alive_idle_us and keep_alive_interval_us must be positive";
    }
    if (config->r1_retries == 0 || config->r1_retries > R1_RETRIES_MAX) {
        return "r1_retries must be 1 to 254";
    }
    if (config->keep_alive_probes < 2 || config->keep_alive_probes > UINT8_MAX) {
        return "keep_alive_probes must be 2 to 255 (MUST-29)";
    }
    if (config->caller >= TCB_OWNER_ANYONE) {
        return "caller must be 0 to 254";
    }
    if (config->path_mtu_raise_us != 0 && config->path_mtu_raise_us < PATH_MTU_RAISE_MIN_US) {
        return "path_mtu_raise_us must be 0 or at least 5 min (RFC 1191 3, RFC 8201 4)";
    }
    const char *refused = check_windows(config);
    return refused != NULL ? refused : check_choices(config);
}
