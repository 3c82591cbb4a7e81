#include "causes/prologue.h"

#define PEER_ISS   1000
#define PEER_MSS   1460
#define CONNECTION 1 /* its name; the listener's is 0 */
#define BACKLOG    4

struct writer {
    struct cause *items;
    size_t count;
};

static void call(struct writer *writer, enum cause_call_kind kind, uint8_t name, uint8_t result,
                 int64_t number)
{
    writer->items[writer->count++] = (struct cause){
        .kind = CAUSE_CALL,
        .as.call = {.kind = (uint8_t)kind, .name = name, .result = result, .number = number},
    };
}

/* A segment of the peer that says what is next; `ack` is what it acknowledges. */
static void segment(struct writer *writer, uint16_t flags, enum scenario_base ack)
{
    const bool is_syn = (flags & TCP_FLAG_SYN) != 0;
    writer->items[writer->count++] = (struct cause){
        .kind = CAUSE_PACKET,
        .as.packet = {.flags = flags,
                      .seq = {(uint8_t)(is_syn ? SCENARIO_BASE_ABSOLUTE : SCENARIO_BASE_RCV_NXT),
                              is_syn ? PEER_ISS : 0},
                      .ack = {(uint8_t)ack, 0},
                      .window = UINT16_MAX,
                      .ttl = 64,
                      .options = is_syn ? CAUSE_OPTION_MSS : 0,
                      .mss = is_syn ? PEER_MSS : 0},
    };
}

static void establish(struct writer *writer)
{
    segment(writer, TCP_FLAG_SYN, SCENARIO_BASE_ABSOLUTE);
    segment(writer, TCP_FLAG_ACK, SCENARIO_BASE_SND_NXT);
    call(writer, CAUSE_CALL_ACCEPT_CHILD, 0, CONNECTION, 0);
}

static void close_first(struct writer *writer, enum prologue prologue)
{
    call(writer, CAUSE_CALL_CLOSE, CONNECTION, 0, 0);
    if (prologue == PROLOGUE_CLOSING) { /* both FINs cross */
        segment(writer, TCP_FLAG_FIN | TCP_FLAG_ACK, SCENARIO_BASE_SND_UNA);
    } else if (prologue != PROLOGUE_FIN_WAIT_1) {
        segment(writer, TCP_FLAG_ACK, SCENARIO_BASE_SND_NXT);
    }
    if (prologue == PROLOGUE_TIME_WAIT) {
        segment(writer, TCP_FLAG_FIN | TCP_FLAG_ACK, SCENARIO_BASE_SND_NXT);
    }
}

size_t prologue_causes(enum prologue prologue, struct cause out[PROLOGUE_CAUSES_MAX])
{
    struct writer writer = {.items = out};
    if (prologue == PROLOGUE_NONE) {
        return 0;
    }
    if (prologue == PROLOGUE_SYN_SENT) {
        call(&writer, CAUSE_CALL_OPEN_ACTIVE, CONNECTION, 0, 0);
        return writer.count;
    }
    call(&writer, CAUSE_CALL_OPEN_PASSIVE, 0, 0, BACKLOG);
    if (prologue == PROLOGUE_LISTEN) {
        return writer.count;
    }
    if (prologue == PROLOGUE_SYN_RECEIVED) {
        segment(&writer, TCP_FLAG_SYN, SCENARIO_BASE_ABSOLUTE);
        return writer.count;
    }
    establish(&writer);
    if (prologue == PROLOGUE_CLOSE_WAIT || prologue == PROLOGUE_LAST_ACK) {
        segment(&writer, TCP_FLAG_FIN | TCP_FLAG_ACK, SCENARIO_BASE_SND_NXT);
        if (prologue == PROLOGUE_LAST_ACK) {
            call(&writer, CAUSE_CALL_CLOSE, CONNECTION, 0, 0);
        }
    } else if (prologue != PROLOGUE_ESTABLISHED) {
        close_first(&writer, prologue);
    }
    return writer.count;
}

enum tcb_state prologue_state(enum prologue prologue)
{
    static const enum tcb_state states[CAUSE_PROLOGUE_COUNT] = {
        [PROLOGUE_NONE] = TCB_CLOSED,
        [PROLOGUE_ESTABLISHED] = TCB_ESTABLISHED,
        [PROLOGUE_SYN_RECEIVED] = TCB_SYN_RECEIVED,
        [PROLOGUE_FIN_WAIT_1] = TCB_FIN_WAIT_1,
        [PROLOGUE_FIN_WAIT_2] = TCB_FIN_WAIT_2,
        [PROLOGUE_CLOSE_WAIT] = TCB_CLOSE_WAIT,
        [PROLOGUE_CLOSING] = TCB_CLOSING,
        [PROLOGUE_LAST_ACK] = TCB_LAST_ACK,
        [PROLOGUE_TIME_WAIT] = TCB_TIME_WAIT,
        [PROLOGUE_LISTEN] = TCB_CLOSED, /* the listener is no connection of pair 0 */
        [PROLOGUE_SYN_SENT] = TCB_SYN_SENT,
    };
    return states[prologue];
}
