#include "run/assertion_fields.h"

#include "run/run.h"
#include "scenario/parse.h"
#include "tcp/host.h"

#include <assert.h>
#include <string.h>

#define FIELD(name, kind, member)                                                                  \
    {                                                                                              \
        name, kind, offsetof(struct tcp_status, member)                                            \
    }

static const struct field fields[] = {
    FIELD("state", FIELD_STATE, state),
    FIELD("iss", FIELD_LOCAL_NUMBER, iss),
    FIELD("snd.una", FIELD_LOCAL_NUMBER, snd_una),
    FIELD("snd.nxt", FIELD_LOCAL_NUMBER, snd_nxt),
    FIELD("snd.wl1", FIELD_REMOTE_NUMBER, snd_wl1),
    FIELD("snd.wl2", FIELD_LOCAL_NUMBER, snd_wl2),
    FIELD("snd.up", FIELD_LOCAL_NUMBER, snd_up),
    FIELD("irs", FIELD_REMOTE_NUMBER, irs),
    FIELD("rcv.nxt", FIELD_REMOTE_NUMBER, rcv_nxt),
    FIELD("rcv.up", FIELD_REMOTE_NUMBER, rcv_up),
    FIELD("snd.wnd", FIELD_U32, snd_wnd),
    FIELD("rcv.wnd", FIELD_U32, rcv_wnd),
    FIELD("max.snd.wnd", FIELD_U32, max_snd_wnd),
    FIELD("send.mss", FIELD_U32, send_mss),
    FIELD("unsent.bytes", FIELD_U32, unsent_bytes),
    FIELD("unacked.bytes", FIELD_U32, unacked_bytes),
    FIELD("send.room.bytes", FIELD_U32, send_room_bytes),
    FIELD("readable.bytes", FIELD_U32, readable_bytes),
    FIELD("islands", FIELD_U32, islands),
    FIELD("cwnd.bytes", FIELD_U32, cwnd_bytes),
    FIELD("congestion.control", FIELD_U32, congestion_control),
    FIELD("ssthresh.bytes", FIELD_U32, ssthresh_bytes),
    FIELD("srtt.us", FIELD_U64, srtt_us),
    FIELD("rttvar.us", FIELD_U64, rttvar_us),
    FIELD("rto.us", FIELD_U64, rto_us),
    FIELD("retransmits", FIELD_U32, retransmits),
    FIELD("backlog.used", FIELD_U32, backlog_used),
    FIELD("ecn", FIELD_BOOL, ecn),
    FIELD("ecn.echo", FIELD_BOOL, ecn_echo),
    FIELD("fin.received", FIELD_BOOL, fin_received),
    FIELD("is.passive", FIELD_BOOL, is_passive),
    FIELD("is.owned", FIELD_BOOL, is_owned),
    FIELD("backlog", FIELD_U32, backlog),
    FIELD("acceptable", FIELD_U32, acceptable),
    FIELD("send.buffer.bytes", FIELD_U32, send_buffer_bytes),
    FIELD("receive.buffer.bytes", FIELD_U32, receive_buffer_bytes),
    FIELD("receive.mss", FIELD_U32, receive_mss),
    FIELD("received.ds", FIELD_U32, received_ds),
    FIELD("sent.ds", FIELD_U32, sent_ds),
    FIELD("uses.timestamps", FIELD_BOOL, uses_timestamps),
    FIELD("ts.recent", FIELD_U32, timestamp_recent),
    FIELD("pushed.bytes", FIELD_U32, pushed_bytes),
    FIELD("urgent.ahead.bytes", FIELD_U32, urgent_ahead_bytes),
    FIELD("keep.alive.unanswered", FIELD_U32, keep_alive_unanswered),
    FIELD("soft.error", FIELD_ERROR, soft_error),
    {"ended", FIELD_ENDED, 0},
    {"event.connected", FIELD_EVENT, 0},
    {"event.acceptable", FIELD_EVENT, 1},
    {"event.readable", FIELD_EVENT, 2},
    {"event.writable", FIELD_EVENT, 3},
    {"event.peer.closed", FIELD_EVENT, 4},
    {"event.ended", FIELD_EVENT, 5},
    {"event.soft.error", FIELD_EVENT, 6},
    {"event.urgent", FIELD_EVENT, 7},
};

static_assert(TCP_EVENT_CONNECTED == 1u << 0 && TCP_EVENT_ENDED == 1u << 5 &&
                  TCP_EVENT_SOFT_ERROR == 1u << 6 && TCP_EVENT_URGENT == 1u << 7,
              "the places of the bits above");

#define COUNTER(name, member)                                                                      \
    {                                                                                              \
        name, FIELD_COUNTER, offsetof(struct tcp_counters, member)                                 \
    }

static const struct field counters[] = {
    COUNTER("wire.drops", wire_drops),         COUNTER("not.ours", not_ours),
    COUNTER("unfit.source", unfit_source),     COUNTER("connections.full", connections_full),
    COUNTER("paths.full", paths_full),         COUNTER("streams.full", streams_full),
    COUNTER("backlog.full", backlog_full),     COUNTER("islands.full", islands_full),
    COUNTER("path.mtus.full", path_mtus_full), COUNTER("answers.lost", answers_lost),
    COUNTER("icmp.drops", icmp_drops),
};

#define COUNT(array) (sizeof(array) / sizeof *(array))

static_assert(COUNT(counters) * sizeof(uint32_t) == sizeof(struct tcp_counters),
              "every counter has its name");

/* "snd_una" and "snd.una" are one name, and the unit may be left out. */
static bool is_named(const char *field, const char *wanted)
{
    size_t i = 0;
    for (; wanted[i] != '\0'; i++) {
        const char letter = wanted[i] == '_' || wanted[i] == '-' ? '.' : wanted[i];
        if (field[i] != letter) {
            return false;
        }
    }
    return strcmp(field + i, "") == 0 || strcmp(field + i, ".bytes") == 0 ||
           strcmp(field + i, ".us") == 0;
}

static const struct field *find(const struct field *rows, size_t count, const char *name,
                                const char **nearest)
{
    const char *names[COUNT(fields)];
    *nearest = NULL;
    for (size_t i = 0; i < count; i++) {
        names[i] = rows[i].name;
        if (is_named(rows[i].name, name)) {
            return &rows[i];
        }
    }
    *nearest = diagnostic_nearest(name, names, count);
    return NULL;
}

const struct field *assertion_field_find(const char *name, const char **nearest)
{
    return find(fields, COUNT(fields), name, nearest);
}

const struct field *assertion_counter_find(const char *name, const char **nearest)
{
    return find(counters, COUNT(counters), name, nearest);
}

bool run_knows_field(const char *name, const char **nearest)
{
    return assertion_field_find(name, nearest) != NULL;
}

bool run_knows_counter(const char *name, const char **nearest)
{
    return assertion_counter_find(name, nearest) != NULL;
}

/* ---- errors ---------------------------------------------------------------------------------------- */

const char *assertion_error_word(struct arena *arena, const char *error_name)
{
    static const char prefix[] = "TCP_ERROR_";
    const bool is_error = strncmp(error_name, prefix, sizeof prefix - 1) == 0;
    const char *const bare = error_name + (is_error ? sizeof prefix - 1 : strlen("TCP_"));
    char *const word = arena_copy_text(arena, bare, strlen(bare));
    for (size_t i = 0; word[i] != '\0'; i++) {
        word[i] = word[i] == '_' ? '-' : word[i];
    }
    return word;
}

bool assertion_knows_error(struct arena *arena, const char *word)
{
    for (int error = TCP_OK; error <= TCP_ERROR_ACCESS; error++) {
        const char *const name = tcp_error_name((enum tcp_error)error);
        if (strcmp(assertion_error_word(arena, name), word) == 0) {
            return true;
        }
    }
    return false;
}
