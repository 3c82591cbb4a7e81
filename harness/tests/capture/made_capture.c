/* Packets by the stack's own writer. */
#include "made_capture.h"

#include <string.h>

static struct tcp_endpoint endpoint(uint8_t ip_version, enum capture_end end)
{
    struct tcp_endpoint out = {.address = {.version = ip_version},
                               .port = end == CAPTURE_A ? 1000 : 80};
    out.address.bytes[0] = ip_version == 4 ? 10 : 0xfd;
    out.address.bytes[ip_version == 4 ? 3 : 15] = end == CAPTURE_A ? 1 : 2;
    return out;
}

struct tcp_room make_packet(uint8_t ip_version, struct piece piece, uint8_t *bytes)
{
    const bool from_a = piece.from == CAPTURE_A;
    const bool has_ack = (piece.flags & TCP_FLAG_ACK) != 0;
    struct tcp_room room = {bytes, FRAME_ROOM};
    uint8_t *text = bytes + TCP_WIRE_HEADROOM;
    for (uint32_t i = 0; i < piece.count; i++) {
        text[i] = (uint8_t)((piece.seq + i) * 7 + piece.salt);
    }
    const struct tcp_segment segment = {
        .source = endpoint(ip_version, piece.from),
        .destination = endpoint(ip_version, from_a ? CAPTURE_B : CAPTURE_A),
        .seq = {piece.seq + (from_a ? A_ISN : B_ISN)},
        .ack = {has_ack ? piece.ack + (from_a ? B_ISN : A_ISN) : 0},
        .flags = piece.flags,
        .window = piece.window == 0 ? 1000 : piece.window,
        .ttl = 64,
        .options = piece.options,
        .payload = text,
        .payload_bytes = piece.count,
    };
    return tcp_wire_write(&segment, room);
}

void made_begin(struct made *made, const struct audit_options *options)
{
    struct arena *arena = arena_create();
    *made = (struct made){.arena = arena,
                          .audit = audit_create(options, arena),
                          .at_us = UINT64_C(1700000000000000),
                          .ip_version = 4};
}

void made_end(struct made *made)
{
    arena_destroy(made->arena);
}

void raw_packet(struct made *made, const uint8_t *bytes, size_t count, size_t wire_count)
{
    /* A copy of the very size, so that a sanitizer sees what is read beyond it. */
    uint8_t *copy = test_malloc(count);
    memcpy(copy, bytes, count);
    struct capture_packet read;
    capture_packet_read(CAPTURE_LINK_RAW, copy, count, wire_count, &read);
    assert_int_equal(read.kind, CAPTURE_TCP);
    made->at_us += 1000;
    audit_packet(made->audit, ++made->number, (tcp_time){made->at_us}, &read);
    test_free(copy);
}

void packet(struct made *made, struct piece piece)
{
    uint8_t room[FRAME_ROOM];
    const struct tcp_room written = make_packet(made->ip_version, piece, room);
    raw_packet(made, written.bytes, written.count, written.count);
}

void handshake(struct made *made, uint16_t window)
{
    const struct tcp_options options = {.has_mss = true, .mss = 1000};
    packet(made, (struct piece){CAPTURE_A, S, .window = window, .options = options});
    packet(made, (struct piece){CAPTURE_B, S | A, .ack = 1, .window = window, .options = options});
    packet(made, (struct piece){CAPTURE_A, A, 1, 1, .window = window});
}

void finds(struct made *made, const char *id, enum audit_weight weight)
{
    size_t count = 0;
    const struct audit_finding *findings = audit_findings(made->audit, &count);
    assert_int_equal(count, 1);
    assert_string_equal(findings[0].oracle->id, id);
    assert_int_equal(findings[0].weight, weight);
    assert_int_equal(findings[0].doubt != NULL, weight == AUDIT_DOUBTFUL);
    made_end(made);
}

void finds_nothing(struct made *made)
{
    size_t count = 0;
    const struct audit_finding *findings = audit_findings(made->audit, &count);
    if (count > 0) {
        print_error("%s: %s\n", findings[0].oracle->id, findings[0].detail);
    }
    assert_int_equal(count, 0);
    made_end(made);
}

uint64_t judged(const struct made *made, const char *id)
{
    size_t count = 0;
    const struct oracle_description *const *catalogue = oracle_catalogue(&count);
    for (size_t i = 0; i < count; i++) {
        if (strcmp(catalogue[i]->id, id) == 0) {
            return audit_evaluations(made->audit, i);
        }
    }
    fail_msg("no oracle %s", id);
    return 0;
}
