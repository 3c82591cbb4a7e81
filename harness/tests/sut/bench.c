/* See bench.h. */
#include "bench.h"

static struct tcp_address ipv4(uint8_t last)
{
    struct tcp_address address;
    memset(&address, 0, sizeof address);
    address.version = 4;
    address.bytes[0] = 192;
    address.bytes[2] = 2;
    address.bytes[3] = last;
    return address;
}

void open_bench(struct bench *bench, bool relocate)
{
    memset(bench, 0, sizeof *bench);
    assert_true(tcp_config_profile("rfc", &bench->config));
    bench->config.fixed_iss = 1;
    bench->config.iss = STACK_ISS;
    bench->local = ipv4(1);
    bench->remote = ipv4(2);
    bench->now = (tcp_time){START_US};
    const struct sut_setup setup = {.config = &bench->config,
                                    .local_address = &bench->local,
                                    .start = bench->now,
                                    .relocate = relocate};
    const char *error = NULL;
    bench->instance = sut_core.create(&setup, &error);
    assert_null(error);
    assert_non_null(bench->instance);
}

void close_bench(struct bench *bench)
{
    sut_core.destroy(bench->instance);
    text_free(&bench->log);
}

static void note_packet(struct bench *bench, const uint8_t *bytes, size_t count)
{
    assert_int_equal(tcp_wire_read(bytes, count, &bench->last, NULL), TCP_WIRE_OK);
    const uint32_t place = bench->last.seq.raw - (STACK_ISS + 1);
    if (bench->last.payload_bytes > 0) {
        assert_in_range(place, 0, STREAM_MAX - bench->last.payload_bytes);
        memcpy(bench->stream + place, bench->last.payload, bench->last.payload_bytes);
    }
    bench->last.payload = NULL;
    bench->packets++;
    bench->stack_next = bench->last.seq.raw + tcp_segment_length(&bench->last);
    text_format(&bench->log, "%llu packet", (unsigned long long)bench->now.us);
    for (size_t index = 0; index < count; index++)
        text_format(&bench->log, " %02x", bytes[index]);
    text_string(&bench->log, "\n");
}

static void note_report(struct bench *bench, const struct sut_report *report)
{
    switch (report->kind) {
    case SUT_REPORT_CALL_DONE:
        assert_in_range(report->result.cookie, 0, 7);
        bench->done[report->result.cookie] = report->result;
        bench->is_done[report->result.cookie] = true;
        text_format(&bench->log, "done %u %lld %s\n", report->result.cookie,
                    (long long)report->result.value,
                    report->result.error == NULL ? "" : report->result.error);
        break;
    case SUT_REPORT_STEP:
        bench->steps++;
        text_format(&bench->log, "step %s %d>%d %s\n", tcp_cause_name(report->step.cause),
                    (int)report->step.before, (int)report->step.after,
                    tcp_verdict_name(report->step.verdict));
        break;
    case SUT_REPORT_EVENTS:
        text_format(&bench->log, "events %x %s\n", report->events, tcp_error_name(report->ended));
        break;
    case SUT_REPORT_STATES:
        bench->states++;
        text_format(&bench->log, "states %llx %u port %u\n", (unsigned long long)report->states,
                    report->state_count, report->flow.local.port);
        break;
    }
}

static void drain(struct bench *bench)
{
    uint8_t bytes[2048];
    bool any = true;
    while (any) {
        any = false;
        size_t count = 0;
        while ((count = sut_core.output(bench->instance, (struct tcp_room){bytes, sizeof bytes})) >
               0) {
            note_packet(bench, bytes, count);
            any = true;
        }
        struct sut_report report;
        while (sut_core.poll(bench->instance, bench->now, &report)) {
            note_report(bench, &report);
            any = true;
        }
    }
}

struct sut_result call(struct bench *bench, struct sut_call asked)
{
    const struct sut_result result = sut_core.call(bench->instance, bench->now, &asked);
    assert_int_equal(result.cookie, asked.cookie);
    drain(bench);
    return result;
}

void peer_sends(struct bench *bench, uint16_t flags, const void *payload, uint32_t count)
{
    uint8_t memory[2048];
    memset(memory, 0, sizeof memory);
    if (count > 0)
        memcpy(memory + TCP_WIRE_HEADROOM, payload, count);
    const struct tcp_segment segment = {
        .source = {bench->remote, 2000},
        .destination = {bench->local, 80},
        .seq = {bench->peer_next},
        .ack = {(flags & TCP_FLAG_ACK) != 0 ? bench->stack_next : 0},
        .flags = flags,
        .window = 65535,
        .ttl = 64,
        .payload = memory + TCP_WIRE_HEADROOM,
        .payload_bytes = count,
    };
    const struct tcp_room packet =
        tcp_wire_write(&segment, (struct tcp_room){memory, sizeof memory});
    sut_core.input(bench->instance, bench->now, packet.bytes, packet.count);
    bench->peer_next += tcp_segment_length(&segment);
    drain(bench);
}

void pass(struct bench *bench, uint64_t us)
{
    const uint64_t end = bench->now.us + us;
    for (tcp_time next = sut_core.next_deadline(bench->instance); next.us <= end;
         next = sut_core.next_deadline(bench->instance)) {
        bench->now = next;
        sut_core.advance(bench->instance, next);
        drain(bench);
    }
    bench->now.us = end;
    sut_core.advance(bench->instance, bench->now);
    drain(bench);
}

void establish(struct bench *bench)
{
    const struct sut_call open = {.kind = SUT_CALL_SOCKET, .number = 4};
    assert_int_equal(call(bench, open).value, 3);
    const struct sut_call bind = {.kind = SUT_CALL_BIND, .fd = 3, .endpoint = {bench->local, 80}};
    assert_int_equal(call(bench, bind).value, 0);
    const struct sut_call listen = {.kind = SUT_CALL_LISTEN, .fd = 3, .number = 4};
    assert_int_equal(call(bench, listen).value, 0);
    const struct sut_call accept = {.kind = SUT_CALL_ACCEPT, .fd = 3, .cookie = 1};
    assert_true(call(bench, accept).is_pending);

    bench->peer_next = PEER_ISS;
    peer_sends(bench, TCP_FLAG_SYN, NULL, 0);
    assert_int_equal(bench->last.flags, TCP_FLAG_SYN | TCP_FLAG_ACK);
    assert_int_equal(bench->last.seq.raw, STACK_ISS);
    assert_int_equal(bench->last.ack.raw, PEER_ISS + 1);
    assert_false(bench->is_done[1]);
    peer_sends(bench, TCP_FLAG_ACK, NULL, 0);
    assert_true(bench->is_done[1]);
    assert_int_equal(bench->done[1].value, 4);
    assert_null(bench->done[1].error);
}

struct tcp_status inspect(struct bench *bench, int64_t found)
{
    const struct sut_call asked = {.kind = SUT_CALL_INSPECT,
                                   .flow = {{bench->local, 80}, {bench->remote, 2000}}};
    const struct sut_result result = call(bench, asked);
    assert_int_equal(result.value, found);
    return result.status;
}

void assert_sound(struct bench *bench)
{
    const struct sut_call check = {.kind = SUT_CALL_CHECK};
    const struct sut_result result = call(bench, check);
    assert_string_equal(result.broken_invariant == NULL ? "" : result.broken_invariant, "");
}
