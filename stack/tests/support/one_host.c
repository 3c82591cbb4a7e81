/* See one_host.h. */
#include "tests/support/one_host.h"

#include "host/block.h"

#include <inttypes.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define LINE_BYTES 160
#define NONE       UINT32_MAX

static const char flag_letters[] = "FSREWP.U";
static const uint16_t flag_bits[] = {TCP_FLAG_FIN, TCP_FLAG_SYN, TCP_FLAG_RST, TCP_FLAG_ECE,
                                     TCP_FLAG_CWR, TCP_FLAG_PSH, TCP_FLAG_ACK, TCP_FLAG_URG};

uint8_t one_octet(int direction, uint32_t offset)
{
    return (uint8_t)(offset * 7 + offset / 251 + (uint32_t)direction * 101);
}

/* ---- the host ---------------------------------------------------------------------------------- */

static struct tcp_endpoint endpoint(uint8_t host, uint16_t port)
{
    return (struct tcp_endpoint){.address = {.version = 4, .bytes = {192, 0, 2, host}},
                                 .port = port};
}

void one_prepare(struct one_host *one)
{
    memset(one, 0, sizeof *one);
    assert_true(tcp_config_profile("rfc", &one->config));
    one->limits = tcp_limits_small();
    one->now = (tcp_time){ONE_START_US};
    one->iss = ONE_ISS;
    one->irs = ONE_IRS;
    one->local = endpoint(1, ONE_LOCAL_PORT);
    one->remote = endpoint(2, ONE_PEER_PORT);
    one->config.fixed_iss = 1;
}

static void *new_block(size_t bytes)
{
    const size_t rounded = (bytes + TCP_HOST_ALIGNMENT - 1) / TCP_HOST_ALIGNMENT;
    void *block = aligned_alloc(TCP_HOST_ALIGNMENT, rounded * TCP_HOST_ALIGNMENT);
    assert_non_null(block);
    memset(block, 0xa5, bytes); /* nothing may rely on fresh memory */
    return block;
}

void one_start(struct one_host *one)
{
    one->config.iss = one->iss;
    one->block_bytes = tcp_host_bytes(&one->limits);
    one->block = new_block(one->block_bytes);
    assert_int_equal(tcp_host_init(one->block, one->block_bytes, &one->limits, &one->config,
                                   one->now, &one->host),
                     TCP_OK);
}

void one_open(struct one_host *one)
{
    one_prepare(one);
    one_start(one);
}

void one_close(struct one_host *one)
{
    free(one->block);
    one->block = NULL;
}

void one_copy(struct one_host *to, const struct one_host *from)
{
    *to = *from;
    to->block = new_block(from->block_bytes);
    to->host = tcp_host_copy(to->block, to->block_bytes, from->host);
}

static void check(const struct one_host *one, const char *file, int at)
{
    const char *broken = tcp_host_check(one->host);
    if (broken != NULL) {
        print_error("broken: %s\n", broken);
        _fail(file, at);
    }
}

/* ---- segments ---------------------------------------------------------------------------------- */

/* A line taken apart; numbers as written. */
struct parsed {
    uint16_t flags;
    int64_t seq, end, ack;
    uint32_t window, mss;
    bool has_ack;
};

static struct parsed parse(const char *line)
{
    struct parsed out = {.window = NONE, .mss = NONE};
    const char *at = line;
    for (; *at != ' ' && *at != '\0'; at++) {
        const char *letter = strchr(flag_letters, *at);
        assert_non_null(letter);
        out.flags = (uint16_t)(out.flags | flag_bits[letter - flag_letters]);
    }
    int used = 0;
    assert_int_equal(sscanf(at, " %" SCNd64 ":%" SCNd64 "%n", &out.seq, &out.end, &used), 2);
    at += used;
    char word[8];
    int64_t number = 0;
    while (sscanf(at, " %7s %" SCNd64 "%n", word, &number, &used) == 2) {
        at += used;
        if (strcmp(word, "ack") == 0) {
            out.ack = number;
            out.has_ack = true;
        } else if (strcmp(word, "win") == 0) {
            out.window = (uint32_t)number;
        } else {
            assert_string_equal(word, "mss");
            out.mss = (uint32_t)number;
        }
    }
    assert_int_equal(*at, '\0');
    assert_int_equal(out.has_ack, (out.flags & TCP_FLAG_ACK) != 0);
    return out;
}

struct tcp_segment one_segment(struct one_host *one, const char *line)
{
    const struct parsed parsed = parse(line);
    struct tcp_segment segment;
    memset(&segment, 0, sizeof segment);
    segment.source = one->remote;
    segment.destination = one->local;
    segment.seq = (tcp_seqno){one->irs + (uint32_t)parsed.seq};
    segment.ack = (tcp_seqno){parsed.has_ack ? one->iss + (uint32_t)parsed.ack : 0};
    segment.flags = parsed.flags;
    segment.window = (uint16_t)(parsed.window == NONE ? ONE_WINDOW : parsed.window);
    segment.ttl = 64;
    segment.options.has_mss = parsed.mss != NONE;
    segment.options.mss = (uint16_t)(parsed.mss == NONE ? 0 : parsed.mss);
    segment.payload_bytes = (uint32_t)(parsed.end - parsed.seq);
    assert_true(segment.payload_bytes <= ONE_ROOM_BYTES);
    segment.payload = one->room;
    for (uint32_t i = 0; i < segment.payload_bytes; i++) {
        const uint32_t syn = (segment.flags & TCP_FLAG_SYN) ? 1 : 0;
        one->room[i] = one_octet(1, (uint32_t)parsed.seq + syn + i - 1);
    }
    return segment;
}

void one_deliver_at(struct one_host *one, const struct tcp_segment *segment, const char *file,
                    int at)
{
    tcp_host_segment(one->host, one->now, segment);
    check(one, file, at);
}

void one_in_at(struct one_host *one, const char *line, const char *file, int at)
{
    const struct tcp_segment segment = one_segment(one, line);
    one_deliver_at(one, &segment, file, at);
}

/* The segment as a line with the same fields that `like` has. */
static void describe(const struct one_host *one, const struct tcp_segment *segment,
                     const struct parsed *like, char out[LINE_BYTES])
{
    int length = 0;
    for (size_t i = 0; flag_letters[i] != '\0'; i++) {
        if (segment->flags & flag_bits[i]) {
            out[length++] = flag_letters[i];
        }
    }
    const int32_t seq = (int32_t)(segment->seq.raw - one->iss);
    length += snprintf(out + length, LINE_BYTES - (size_t)length, " %" PRId32 ":%" PRId64, seq,
                       (int64_t)seq + segment->payload_bytes);
    if (segment->flags & TCP_FLAG_ACK) {
        length += snprintf(out + length, LINE_BYTES - (size_t)length, " ack %" PRId32,
                           (int32_t)(segment->ack.raw - one->irs));
    }
    if (like->window != NONE) {
        length += snprintf(out + length, LINE_BYTES - (size_t)length, " win %u", segment->window);
    }
    if (like->mss != NONE && segment->options.has_mss) {
        (void)snprintf(out + length, LINE_BYTES - (size_t)length, " mss %u", segment->options.mss);
    }
}

static void check_text(const struct one_host *one, const char *file, int at)
{
    const uint32_t first = one->last.seq.raw - one->iss - 1;
    for (uint32_t i = 0; i < one->last.payload_bytes; i++) {
        if (one->last.payload[i] != one_octet(0, first + i)) {
            print_error("octet %u of the text is not what was written\n", first + i);
            _fail(file, at);
        }
    }
}

void one_out_at(struct one_host *one, const char *line, const char *file, int at)
{
    char seen[LINE_BYTES] = "";
    struct parsed like = {.window = 0, .mss = NONE};
    if (line[0] != '\0') {
        like = parse(line);
    }
    const struct tcp_room room = {one->room, sizeof one->room};
    if (tcp_host_poll_segment(one->host, room, &one->last)) {
        describe(one, &one->last, &like, seen);
        check_text(one, file, at);
    }
    _assert_string_equal(seen, line, file, at);
    check(one, file, at);
}

/* ---- time and calls ---------------------------------------------------------------------------- */

void one_pass(struct one_host *one, uint64_t us)
{
    one->now.us += us;
}

void one_wait_at(struct one_host *one, uint64_t us, const char *file, int at)
{
    one_pass(one, us);
    tcp_host_tick(one->host, one->now);
    check(one, file, at);
}

static void lose_all(struct one_host *one)
{
    const struct tcp_room room = {one->room, sizeof one->room};
    while (tcp_host_poll_segment(one->host, room, &one->last)) {
    }
}

void one_lose_at(struct one_host *one, uint64_t us, const char *file, int at)
{
    const uint64_t end = one->now.us + us;
    lose_all(one);
    for (uint64_t due = tcp_host_deadline(one->host).us; due < end;
         due = tcp_host_deadline(one->host).us) {
        one_wait_at(one, due - one->now.us, file, at);
        lose_all(one);
    }
    one_wait_at(one, end - one->now.us, file, at);
}

enum tcp_error one_connect(struct one_host *one)
{
    const struct tcp_flow flow = {.local = one->local, .remote = one->remote};
    return tcp_host_connect(one->host, one->now, &flow, &one->connection);
}

void one_listen(struct one_host *one, uint16_t backlog)
{
    one->local.port = ONE_PORT;
    assert_int_equal(tcp_host_listen(one->host, one->now, &one->local, backlog, &one->listener),
                     TCP_OK);
}

enum tcp_error one_accept(struct one_host *one)
{
    return tcp_host_accept(one->host, one->now, one->listener, &one->connection);
}

void one_write(struct one_host *one, uint32_t count)
{
    static uint8_t bytes[ONE_ROOM_BYTES];
    for (uint32_t i = 0; i < count; i++) {
        bytes[i] = one_octet(0, one->written + i);
    }
    size_t taken = 0;
    assert_int_equal(tcp_host_send(one->host, one->now, one->connection, bytes, count, &taken),
                     TCP_OK);
    assert_int_equal(taken, count);
    one->written += count;
}

void one_read(struct one_host *one, uint32_t count)
{
    const struct tcp_room room = {one->room, count};
    size_t taken = 0;
    assert_int_equal(tcp_host_receive(one->host, one->now, one->connection, room, &taken), TCP_OK);
    assert_int_equal(taken, count);
    for (uint32_t i = 0; i < count; i++) {
        assert_int_equal(one->room[i], one_octet(1, one->read + i));
    }
    one->read += count;
}

enum tcp_error one_write_error(struct one_host *one)
{
    const uint8_t byte = 0;
    size_t taken = 99;
    const enum tcp_error error =
        tcp_host_send(one->host, one->now, one->connection, &byte, 1, &taken);
    assert_int_equal(taken, error == TCP_OK ? 1 : 99);
    return error;
}

enum tcp_error one_read_error(struct one_host *one)
{
    const struct tcp_room room = {one->room, 1};
    size_t taken = 99;
    const enum tcp_error error =
        tcp_host_receive(one->host, one->now, one->connection, room, &taken);
    assert_int_equal(taken, error == TCP_OK ? 1 : 99);
    return error;
}

enum tcp_error one_shut(struct one_host *one)
{
    return tcp_host_close(one->host, one->now, one->connection);
}

enum tcp_error one_abort(struct one_host *one)
{
    return tcp_host_abort(one->host, one->now, one->connection);
}

uint32_t one_events(struct one_host *one)
{
    struct tcp_event event;
    uint32_t bits = 0;
    while (tcp_host_poll_event(one->host, &event)) {
        bits |= event.bits;
    }
    one->events |= bits;
    return bits;
}

struct tcp_status one_status(struct one_host *one)
{
    struct tcp_status status;
    memset(&status, 0, sizeof status);
    if (tcp_host_status(one->host, one->connection, &status) != TCP_OK) {
        status.state = TCB_CLOSED;
    }
    return status;
}

enum tcb_state one_state(struct one_host *one)
{
    return one_status(one).state;
}

struct tcp_step_record one_step(const struct one_host *one)
{
    return tcp_host_last_step(one->host);
}

void one_force_iss(struct one_host *one, uint32_t relative)
{
    host_tcb(one->host, one->connection.slot)->iss = (tcp_seqno){one->iss + relative};
}
