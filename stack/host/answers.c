#include "host/answers.h"

#include <string.h>

#include "tcb/timestamps.h"

static void push(struct tcp_host *host, const struct host_answer *answer)
{
    struct host_answer *ring = host_table(host, HOST_ANSWERS);
    const uint32_t capacity = host->limits.answers;
    if (host->answer_count == capacity) {
        host->answer_first = (host->answer_first + 1) % capacity;
        host->answer_count--;
        host_count(&host->counters.answers_lost);
    }
    struct host_answer *stored = &ring[(host->answer_first + host->answer_count) % capacity];
    memset(stored, 0, sizeof *stored);
    host_store_endpoint(&stored->source, &answer->source);
    host_store_endpoint(&stored->destination, &answer->destination);
    stored->seq = answer->seq;
    stored->ack = answer->ack;
    stored->flags = answer->flags;
    stored->traffic_class = answer->traffic_class;
    stored->has_timestamps = answer->has_timestamps;
    stored->timestamp_value = answer->timestamp_value;
    stored->timestamp_echo = answer->timestamp_echo;
    host->answer_count++;
}

void host_answer_reset(struct tcp_host *host, const struct tcb *tcb,
                       const struct tcp_segment *segment)
{
    static const struct tcb nobody = {0};
    TCP_ASSERT(!tcp_segment_has(segment, TCP_FLAG_RST));
    struct host_answer answer = {
        .source = segment->destination,
        .destination = segment->source,
        .traffic_class = tcb_traffic_class(tcb == NULL ? &nobody : tcb, &host->config),
    };
    if (tcp_segment_has(segment, TCP_FLAG_ACK)) {
        answer.seq = segment->ack;
        answer.flags = TCP_FLAG_RST;
    } else {
        answer.ack = tcp_seq_add(segment->seq, tcp_segment_length(segment));
        answer.flags = TCP_FLAG_RST | TCP_FLAG_ACK;
    }
    if (host->config.timestamps != 0 && segment->options.has_timestamps) { /* RFC 7323 5.2 */
        answer.has_timestamps = 1;
        answer.timestamp_echo = segment->options.timestamp_value;
    }
    push(host, &answer);
}

void host_answer_abort(struct tcp_host *host, const struct tcb *tcb)
{
    const bool with_ack = host->config.abort_with_ack != 0;
    const bool has_timestamps = (tcb->options & TCB_OPTION_TIMESTAMPS) != 0;
    const uint32_t value =
        has_timestamps ? tcb_timestamp_value(&tcb->flow, &host->config, host->now) : 0;
    push(host, &(struct host_answer){
                   .source = tcb->flow.local,
                   .destination = tcb->flow.remote,
                   .seq = tcb->snd_nxt,
                   .ack = with_ack ? tcb->rcv_nxt : (tcp_seqno){0},
                   .flags = (uint16_t)(TCP_FLAG_RST | (with_ack ? TCP_FLAG_ACK : 0)),
                   .traffic_class = tcb_traffic_class(tcb, &host->config),
                   .has_timestamps = has_timestamps, /* RFC 7323 3.2, 5.2 */
                   .timestamp_value = value,
                   .timestamp_echo = has_timestamps && with_ack ? tcb->timestamp_recent : 0,
               });
}

bool host_answer_take(struct tcp_host *host, struct tcp_segment *out)
{
    if (host->answer_count == 0) {
        return false;
    }
    struct host_answer *answer =
        (struct host_answer *)host_table(host, HOST_ANSWERS) + host->answer_first;
    memset(out, 0, sizeof *out);
    out->source = answer->source;
    out->destination = answer->destination;
    out->seq = answer->seq;
    out->ack = answer->ack;
    out->flags = answer->flags;
    out->options.has_timestamps = answer->has_timestamps != 0;
    out->options.timestamp_value = answer->timestamp_value;
    out->options.timestamp_echo = answer->timestamp_echo;
    out->ttl = (uint8_t)host->config.ttl;
    out->traffic_class = answer->traffic_class;
    out->may_fragment = host->config.path_mtu_discovery == 0;
    memset(answer, 0, sizeof *answer);
    host->answer_first = (host->answer_first + 1) % host->limits.answers;
    host->answer_count--;
    return true;
}
