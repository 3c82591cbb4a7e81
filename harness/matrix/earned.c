/* Holds a row against what happened. */
#include "matrix/earned.h"

#include <string.h>

/* What the stack must say of the segment, by how a row's condition begins. The longest beginning that
 * fits counts; conditions without one only ask for the states. */
struct demand {
    const char *condition;
    enum tcp_check check;
    enum tcp_verdict verdict; /* NONE: any */
};

static const struct demand demands[] = {
    {"1st: not acceptable, RST clear", TCP_CHECK_SEQUENCE, TCP_VERDICT_ACK},
    {"1st: not acceptable, RST set", TCP_CHECK_SEQUENCE, TCP_VERDICT_DROP},
    {"2nd (5961): RST outside window", TCP_CHECK_SEQUENCE, TCP_VERDICT_DROP},
    {"2nd (5961): RST in window", TCP_CHECK_RESET, TCP_VERDICT_CHALLENGE},
    {"2nd: RST valid", TCP_CHECK_RESET, TCP_VERDICT_DELETE},
    {"2nd: valid RST", TCP_CHECK_RESET, TCP_VERDICT_DELETE},
    {"4th: in-window SYN, passive", TCP_CHECK_SYN, TCP_VERDICT_DELETE},
    {"4th: in-window SYN, active", TCP_CHECK_SYN, TCP_VERDICT_CHALLENGE},
    {"4th (5961)", TCP_CHECK_SYN, TCP_VERDICT_CHALLENGE},
    {"4th (793 mode)", TCP_CHECK_SYN, TCP_VERDICT_RESET},
    {"4th: SYN meeting", TCP_CHECK_SYN, TCP_VERDICT_REOPEN},
    {"5th: ACK clear", TCP_CHECK_ACK, TCP_VERDICT_DROP},
    {"5th (MAY-12)", TCP_CHECK_ACK, TCP_VERDICT_NONE},
    {"5th: SEG.ACK =< SND.UNA or > SND.NXT", TCP_CHECK_ACK, TCP_VERDICT_RESET},
    {"5th: SEG.ACK > SND.NXT", TCP_CHECK_ACK, TCP_VERDICT_ACK},
    {"1st: RST set", TCP_CHECK_RESET, TCP_VERDICT_DROP},
    {"2nd: ACK set", TCP_CHECK_ACK, TCP_VERDICT_RESET},
    {"3rd: SYN", TCP_CHECK_SYN, TCP_VERDICT_SPAWN},
    {"4th: none of RST/ACK/SYN", TCP_CHECK_SYN, TCP_VERDICT_DROP},
    {"1st: ACK set, SEG.ACK =< ISS", TCP_CHECK_ACK, TCP_VERDICT_RESET},
    {"1st: ACK set and unacceptable", TCP_CHECK_ACK, TCP_VERDICT_DROP},
    {"2nd: RST set, ACK acceptable", TCP_CHECK_RESET, TCP_VERDICT_DELETE},
    {"2nd: RST set, ACK clear", TCP_CHECK_RESET, TCP_VERDICT_DROP},
    {"SYN from invalid source", TCP_CHECK_DEMUX, TCP_VERDICT_DROP},
    {"addressed to or from", TCP_CHECK_DEMUX, TCP_VERDICT_DROP},
    {"5th: neither SYN nor RST", TCP_CHECK_SYN, TCP_VERDICT_DROP},
};

/* The message must be of the row's kind; what quotes nothing outstanding was dropped for that, and all
 * else was not. */
static bool is_such_a_message(const struct requirement *row, const struct occurrence *occurrence)
{
    static const struct {
        const char *condition;
        enum occurrence_icmp icmp;
    } kinds[] = {
        {"soft error", OCCURRENCE_ICMP_SOFT},
        {"hard error", OCCURRENCE_ICMP_HARD},
        {"source quench", OCCURRENCE_ICMP_QUENCH},
        {"fragmentation needed", OCCURRENCE_ICMP_TOO_BIG},
    };
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        if (strncmp(row->condition, kinds[i].condition, strlen(kinds[i].condition)) == 0) {
            return occurrence->icmp == kinds[i].icmp && occurrence->check != TCP_CHECK_SEQUENCE;
        }
    }
    return occurrence->icmp != OCCURRENCE_ICMP_NONE && occurrence->check == TCP_CHECK_SEQUENCE &&
           occurrence->verdict == TCP_VERDICT_DROP;
}

static const struct demand *demand_of(const struct requirement *row)
{
    if (row->event != MATRIX_SEGMENT) {
        return NULL;
    }
    for (size_t i = 0; i < sizeof demands / sizeof *demands; i++) {
        if (strncmp(row->condition, demands[i].condition, strlen(demands[i].condition)) == 0) {
            return &demands[i];
        }
    }
    return NULL;
}

/* What the condition says of the segment itself. */
static bool is_such_a_segment(const struct requirement *row, const struct occurrence *occurrence)
{
    const char *condition = row->condition;
    if (strstr(condition, "URG") != NULL && strncmp(condition, "6th", 3) == 0) {
        return (occurrence->flags & TCP_FLAG_URG) != 0;
    }
    if (strncmp(condition, "7th", 3) == 0) {
        return occurrence->text_bytes > 0;
    }
    if (strncmp(condition, "8th", 3) == 0 || strstr(condition, "with FIN") != NULL) {
        return (occurrence->flags & TCP_FLAG_FIN) != 0;
    }
    if (strstr(condition, "RST carrying data") != NULL ||
        strncmp(condition, "1st: len > 0", 12) == 0 || strstr(condition, "SYN with data") != NULL) {
        return occurrence->text_bytes > 0 || (occurrence->flags & TCP_FLAG_FIN) != 0;
    }
    if (strncmp(condition, "1st: len 0", 10) == 0) {
        return occurrence->text_bytes == 0;
    }
    return true;
}

/* A listener's child that ends in SYN-RECEIVED returns to LISTEN, in the words of the RFC. */
static bool leads_there(const struct requirement *row, const struct occurrence *occurrence)
{
    /* The first check's rows say where that check leaves a connection, those of CLOSE and SEND where the
     * call does when the state waits for what is queued. */
    const bool goes_on = row->state == TCB_SYN_RECEIVED && row->next == TCB_SYN_RECEIVED &&
                         occurrence->after == TCB_ESTABLISHED;
    const bool waits = row->event == MATRIX_CLOSE && occurrence->after == row->state &&
                       strstr(row->condition, "queued") != NULL;
    const bool is_return = row->state == TCB_SYN_RECEIVED && row->next == TCB_LISTEN &&
                           occurrence->is_passive && occurrence->after == TCB_CLOSED;
    return !row->has_next || occurrence->after == row->next || is_return || goes_on || waits;
}

/* What a refused call must have been answered, by a part of the row's condition. */
static bool is_such_an_answer(const struct requirement *row, const struct occurrence *occurrence)
{
    static const struct {
        const char *condition, *error, *other;
    } answers[] = {
        {"lacks access", "TCP_ERROR_ACCESS", "EACCES"},
        {"no memory", "TCP_ERROR_RESOURCES", "ENOBUFS"},
        {"no room", "TCP_ERROR_RESOURCES", "ENOBUFS"},
        {"no queue room", "TCP_ERROR_RESOURCES", "ENOBUFS"},
        {"remote socket missing", "TCP_ERROR_REMOTE_MISSING", "EADDRNOTAVAIL"},
        {"passive again", "TCP_ERROR_PORT_TAKEN", "EADDRINUSE"},
    };
    for (size_t i = 0; i < sizeof answers / sizeof answers[0]; i++) {
        if (row->event != MATRIX_SEGMENT && strstr(row->condition, answers[i].condition) != NULL) {
            return occurrence->error != NULL && (strcmp(occurrence->error, answers[i].error) == 0 ||
                                                 strcmp(occurrence->error, answers[i].other) == 0);
        }
    }
    return true;
}

static bool bears_out(const struct requirement *row, const struct occurrence *occurrence)
{
    /* close() on unread octets is a CLOSE that the stack carries out as an ABORT. */
    const bool is_event =
        occurrence->event == row->event || (row->event == MATRIX_CLOSE && occurrence->is_close);
    if (!is_event || occurrence->before != row->state || !leads_there(row, occurrence) ||
        !is_such_an_answer(row, occurrence)) {
        return false;
    }
    const struct demand *demand = demand_of(row);
    const bool is_judged_so =
        demand == NULL ||
        (occurrence->check == demand->check &&
         (demand->verdict == TCP_VERDICT_NONE || occurrence->verdict == demand->verdict));
    if (row->event == MATRIX_ICMP && !is_such_a_message(row, occurrence)) {
        return false;
    }
    return is_judged_so && (row->event != MATRIX_SEGMENT || is_such_a_segment(row, occurrence));
}

const char *earned_or_why_not(const struct requirement *requirement,
                              const struct occurrence_list *occurrences, struct arena *arena)
{
    if (!requirement->is_row) {
        return NULL;
    }
    bool is_seen = false;
    for (size_t i = 0; i < occurrences->count; i++) {
        if (bears_out(requirement, &occurrences->items[i])) {
            return NULL;
        }
        is_seen |= occurrences->items[i].event == requirement->event &&
                   occurrences->items[i].before == requirement->state;
    }
    if (is_seen) {
        return arena_format(arena, "%s: the trace has %s in %s, but not as this row has it: %s",
                            requirement->id, matrix_event_name(requirement->event),
                            tcb_state_name(requirement->state), requirement->condition);
    }
    return arena_format(arena, "%s: the trace has no %s in %s", requirement->id,
                        matrix_event_name(requirement->event), tcb_state_name(requirement->state));
}
