/* Makes packets with the stack's own writer and reads them back as the runner does. */
#include "build_trace.h"

#include <string.h>

#define MTU 1600

struct scene *scene_open(uint8_t ip_version)
{
    struct arena *arena = arena_create();
    struct scene *scene = arena_take(arena, sizeof *scene);
    scene->arena = arena;
    scene->now = (tcp_time){UINT64_C(1000000000)};
    scene->trace = (struct trace){.arena = arena, .ip_version = ip_version, .start = scene->now};
    scene->flow.local = (struct tcp_endpoint){.address = {.version = ip_version}, .port = 80};
    scene->flow.remote = (struct tcp_endpoint){.address = {.version = ip_version}, .port = 40000};
    memcpy(scene->flow.local.address.bytes, (const uint8_t[]){192, 168, 0, 1}, 4);
    memcpy(scene->flow.remote.address.bytes, (const uint8_t[]){192, 0, 2, 1}, 4);
    scene->set = oracle_set_create(&scene->trace, &scene->config);
    scene_reincarnate(scene, SUT_ISN, PEER_ISN);
    return scene;
}

void scene_close(struct scene *scene)
{
    oracle_set_destroy(scene->set);
    arena_destroy(scene->arena);
}

uint32_t scene_reincarnate(struct scene *scene, uint32_t sut_isn, uint32_t peer_isn)
{
    struct trace *trace = &scene->trace;
    void *incarnations = trace->incarnations;
    arena_grow(scene->arena, &incarnations, &trace->incarnation_capacity, trace->incarnation_count,
               sizeof *trace->incarnations);
    trace->incarnations = incarnations;
    scene->incarnation = (uint32_t)trace->incarnation_count++;
    trace->incarnations[scene->incarnation] = (struct trace_incarnation){.flow = scene->flow,
                                                                         .has_local_isn = true,
                                                                         .has_remote_isn = true,
                                                                         .local_isn = {sut_isn},
                                                                         .remote_isn = {peer_isn}};
    scene->sut_isn = sut_isn;
    scene->peer_isn = peer_isn;
    scene->written = 0;
    return scene->incarnation;
}

static struct trace_record *add(struct scene *scene, enum trace_kind kind)
{
    struct trace *trace = &scene->trace;
    void *records = trace->records;
    arena_grow(scene->arena, &records, &trace->record_capacity, trace->record_count,
               sizeof *trace->records);
    trace->records = records;
    struct trace_record *record = &trace->records[trace->record_count++];
    *record = (struct trace_record){.kind = kind, .at = scene->now, .event = TRACE_NO_EVENT};
    return record;
}

uint8_t octet_at(enum trace_direction direction, size_t offset)
{
    return (uint8_t)(offset * 7 + offset / 251 + (direction == TRACE_TO_SUT ? 100 : 0));
}

static const uint8_t *coded(struct scene *scene, enum trace_direction direction, size_t offset,
                            size_t count)
{
    uint8_t *bytes = arena_take(scene->arena, count);
    for (size_t i = 0; i < count; i++) {
        bytes[i] = octet_at(direction, offset + i);
    }
    return bytes;
}

void reread(struct trace_packet *packet)
{
    packet->wire = tcp_wire_read(packet->bytes, packet->count, &packet->segment, &packet->layout);
}

static struct trace_packet *add_packet(struct scene *scene, enum trace_direction direction,
                                       struct piece piece)
{
    const bool is_given = direction == TRACE_TO_SUT;
    struct tcp_room room = {arena_take(scene->arena, MTU + TCP_WIRE_HEADROOM),
                            MTU + TCP_WIRE_HEADROOM};
    const uint8_t *text = piece.text != NULL
                              ? piece.text
                              : coded(scene, direction, (size_t)piece.seq - 1, piece.count);
    memcpy(room.bytes + TCP_WIRE_HEADROOM, text, piece.count);
    const bool has_ack = (piece.flags & TCP_FLAG_ACK) != 0;
    const struct tcp_segment segment = {
        .source = is_given ? scene->flow.remote : scene->flow.local,
        .destination = is_given ? scene->flow.local : scene->flow.remote,
        .seq = {piece.seq + (is_given ? scene->peer_isn : scene->sut_isn)},
        .ack = {has_ack ? piece.ack + (is_given ? scene->sut_isn : scene->peer_isn) : 0},
        .flags = piece.flags,
        .urgent = piece.urgent,
        .window = piece.window == SHUT ? 0
                  : piece.window == 0  ? 1000
                                       : piece.window,
        .ttl = 64,
        .options = piece.options,
        .payload = room.bytes + TCP_WIRE_HEADROOM,
        .payload_bytes = piece.count,
    };
    const struct tcp_room written = tcp_wire_write(&segment, room);
    struct trace_packet *packet = &add(scene, TRACE_PACKET)->as.packet;
    packet->direction = direction;
    packet->bytes = written.bytes;
    packet->count = written.count;
    packet->incarnation = scene->incarnation;
    reread(packet);
    assert_int_equal(packet->wire, TCP_WIRE_OK);
    return packet;
}

struct trace_packet *given(struct scene *scene, struct piece piece)
{
    return add_packet(scene, TRACE_TO_SUT, piece);
}

struct trace_packet *sent(struct scene *scene, struct piece piece)
{
    return add_packet(scene, TRACE_FROM_SUT, piece);
}

void too_big(struct scene *scene, uint32_t seq, uint32_t count, uint32_t mtu)
{
    struct trace_packet *packet = &add(scene, TRACE_PACKET)->as.packet;
    packet->direction = TRACE_TO_SUT;
    packet->wire = TCP_WIRE_NOT_TCP;
    packet->incarnation = scene->incarnation;
    packet->is_icmp = true;
    packet->icmp = (struct tcp_icmp){
        .source = scene->flow.remote.address,
        .destination = scene->flow.local.address,
        .type = scene->flow.local.address.version == 4 ? TCP_ICMP4_UNREACHABLE
                                                       : TCP_ICMP6_PACKET_TOO_BIG,
        .code = scene->flow.local.address.version == 4 ? TCP_ICMP4_FRAGMENTATION_NEEDED : 0,
        .mtu = mtu,
        .quoted_source = scene->flow.local,
        .quoted_destination = scene->flow.remote,
        .quoted_seq = {seq + scene->sut_isn},
        .quoted_packet_bytes = count + 40,
    };
}

void drained(struct scene *scene)
{
    (void)add(scene, TRACE_DRAIN);
    oracle_set_observe(scene->set);
    scene->now.us += 1000;
}

void handshake(struct scene *scene, uint16_t window)
{
    const struct tcp_options options = {.has_mss = true, .mss = 1000};
    given(scene, (struct piece){.flags = S, .window = window, .options = options});
    sent(scene, (struct piece){.flags = SA, .ack = 1, .options = options});
    drained(scene);
    given(scene, (struct piece){.flags = A, .seq = 1, .ack = 1, .window = window});
    drained(scene);
}

void active_handshake(struct scene *scene, uint16_t window)
{
    const struct tcp_options options = {.has_mss = true, .mss = 1000};
    called(scene, "connect(3, ..., ...)");
    sent(scene, (struct piece){.flags = S, .options = options});
    drained(scene);
    given(scene, (struct piece){.flags = SA, .ack = 1, .window = window, .options = options});
    sent(scene, (struct piece){.flags = A, .seq = 1, .ack = 1});
    drained(scene);
}

struct scene *scene_connected(uint16_t window)
{
    struct scene *scene = scene_open(4);
    assert_true(tcp_config_profile("rfc", &scene->config));
    handshake(scene, window);
    changed_state(scene, TCB_LISTEN, TCB_SYN_RECEIVED);
    changed_state(scene, TCB_SYN_RECEIVED, TCB_ESTABLISHED);
    sent(scene, (struct piece){.flags = A, .seq = 1, .ack = 1, .window = 2000});
    drained(scene);
    return scene;
}

static struct trace_call *add_call(struct scene *scene, enum trace_kind kind, const char *name,
                                   uint32_t cookie)
{
    struct trace_call *call = &add(scene, kind)->as.call;
    call->name = call->text = name;
    call->cookie = cookie;
    call->incarnation = scene->incarnation;
    return call;
}

uint32_t write_begins(struct scene *scene, size_t count)
{
    struct trace_call *call = add_call(scene, TRACE_CALL, "write", ++scene->next_cookie);
    call->is_send = true;
    call->bytes = coded(scene, TRACE_FROM_SUT, scene->written, count);
    call->count = count;
    return scene->next_cookie;
}

void write_ends(struct scene *scene, uint32_t cookie, int64_t result)
{
    struct trace_call *done = add_call(scene, TRACE_CALL_DONE, "write", cookie);
    done->is_send = true;
    done->value = result;
    done->error = result < 0 ? "EAGAIN" : NULL;
    scene->written += result > 0 ? (size_t)result : 0;
}

void wrote(struct scene *scene, size_t count)
{
    write_ends(scene, write_begins(scene, count), (int64_t)count);
}

void was_read(struct scene *scene, size_t offset, size_t count)
{
    struct trace_call *call = add_call(scene, TRACE_CALL, "read", ++scene->next_cookie);
    call->is_receive = true;
    call->count = count == 0 ? 100 : count;
    struct trace_call *done = add_call(scene, TRACE_CALL_DONE, "read", scene->next_cookie);
    done->is_receive = true;
    done->bytes = coded(scene, TRACE_TO_SUT, offset, count);
    done->count = count;
    done->value = (int64_t)count;
}

void called(struct scene *scene, const char *text)
{
    add_call(scene, TRACE_CALL, text, ++scene->next_cookie);
    add_call(scene, TRACE_CALL_DONE, text, scene->next_cookie);
}

void changed_setting(struct scene *scene, const char *setting)
{
    add(scene, TRACE_SETTING)->as.setting = setting;
}

void changed_state(struct scene *scene, enum tcb_state from, enum tcb_state to)
{
    add(scene, TRACE_STATE)->as.state = (struct trace_state){scene->incarnation, from, to};
}

struct tcp_step_record *stepped(struct scene *scene, enum tcp_verdict verdict)
{
    struct tcp_step_record *step = &add(scene, TRACE_STEP)->as.step;
    *step = (struct tcp_step_record){.cause = TCP_CAUSE_SEGMENT, .verdict = verdict};
    return step;
}

static uint64_t evaluations_of(const struct scene *scene, const char *id)
{
    size_t count = 0;
    const struct oracle_description *const *catalogue = oracle_catalogue(&count);
    for (size_t i = 0; i < count; i++) {
        if (strcmp(catalogue[i]->id, id) == 0) {
            return oracle_set_evaluations(scene->set, i);
        }
    }
    fail_msg("no oracle %s", id);
    return 0;
}

/* Findings of this oracle; a finding of any other fails the test. */
static size_t findings_of(struct scene *scene, const char *id)
{
    oracle_set_finish(scene->set);
    size_t count = 0;
    const struct oracle_finding *findings = oracle_set_findings(scene->set, &count);
    for (size_t i = 0; i < count; i++) {
        if (strcmp(findings[i].oracle->id, id) != 0) {
            fail_msg("%s fired at record %zu: %s", findings[i].oracle->id, findings[i].record,
                     findings[i].detail);
        }
    }
    return count;
}

void only_fires(struct scene *scene, const char *id)
{
    assert_true(findings_of(scene, id) > 0);
    assert_true(evaluations_of(scene, id) > 0);
    scene_close(scene);
}

void holds(struct scene *scene, const char *id)
{
    assert_int_equal(findings_of(scene, ""), 0);
    assert_true(evaluations_of(scene, id) > 0);
    scene_close(scene);
}

void does_not_judge(struct scene *scene, const char *id)
{
    assert_int_equal(findings_of(scene, ""), 0);
    assert_int_equal(evaluations_of(scene, id), 0);
    scene_close(scene);
}
