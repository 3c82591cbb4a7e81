/* W01 to W04: the form of what is sent. Each fires once here, and a near miss does not. */
#include "build_trace.h"

/* The trace gives packets as bytes that are not to be changed; here they are. */
static uint8_t *bytes_of(const struct trace_packet *packet)
{
    return (uint8_t *)(uintptr_t)packet->bytes;
}

static void fix_tcp_checksum(struct trace_packet *packet)
{
    uint8_t *tcp = bytes_of(packet) + packet->layout.tcp_offset;
    tcp[16] = tcp[17] = 0;
    const uint16_t sum =
        tcp_wire_checksum(&packet->segment.source.address, &packet->segment.destination.address,
                          tcp, packet->count - packet->layout.tcp_offset);
    tcp[16] = (uint8_t)(sum >> 8);
    tcp[17] = (uint8_t)sum;
    reread(packet);
}

static struct trace_packet *scene_with_reply(struct scene **scene, uint8_t ip_version)
{
    *scene = scene_open(ip_version);
    handshake(*scene, 1000);
    wrote(*scene, 301);
    return sent(*scene, (struct piece){.flags = A, .seq = 1, .ack = 1, .count = 301});
}

static void checksums_over_odd_lengths_are_found_right(void **state)
{
    (void)state;
    struct scene *scene;
    scene_with_reply(&scene, 4);
    holds(scene, "W01");
    scene_with_reply(&scene, 6);
    holds(scene, "W01");
}

static void a_wrong_tcp_checksum_fires(void **state)
{
    (void)state;
    for (uint8_t version = 4; version <= 6; version += 2) {
        struct scene *scene;
        struct trace_packet *packet = scene_with_reply(&scene, version);
        bytes_of(packet)[packet->count - 1] ^= 1;
        reread(packet);
        only_fires(scene, "W01");
    }
}

static void a_wrong_ipv4_header_checksum_fires(void **state)
{
    (void)state;
    struct scene *scene;
    struct trace_packet *packet = scene_with_reply(&scene, 4);
    bytes_of(packet)[8] ^= 1; /* TTL */
    reread(packet);
    only_fires(scene, "W01");
}

static void a_reserved_bit_fires(void **state)
{
    (void)state;
    struct scene *scene;
    struct trace_packet *packet = scene_with_reply(&scene, 4);
    bytes_of(packet)[packet->layout.tcp_offset + 12] |= 0x02;
    fix_tcp_checksum(packet);
    only_fires(scene, "W02");
}

static void an_ipv4_header_below_five_words_fires(void **state)
{
    (void)state;
    struct scene *scene;
    struct trace_packet *packet = scene_with_reply(&scene, 4);
    bytes_of(packet)[0] = 0x44;
    reread(packet);
    only_fires(scene, "W02");
}

/* A SYN,ACK whose 4 option octets (MSS) are these. */
static struct scene *scene_with_options(const uint8_t options[4])
{
    struct scene *scene = scene_open(4);
    given(scene, (struct piece){.flags = S});
    struct trace_packet *packet = sent(
        scene, (struct piece){.flags = SA, .ack = 1, .options = {.has_mss = true, .mss = 1000}});
    for (size_t i = 0; i < 4; i++) {
        bytes_of(packet)[packet->layout.options_offset + i] = options[i];
    }
    fix_tcp_checksum(packet);
    return scene;
}

static void padding_behind_the_end_of_options_must_be_zero(void **state)
{
    (void)state;
    only_fires(scene_with_options((const uint8_t[]){1, 0, 0, 1}), "W02");
    holds(scene_with_options((const uint8_t[]){1, 0, 0, 0}), "W02");
}

static void an_option_that_runs_over_the_header_fires(void **state)
{
    (void)state;
    only_fires(scene_with_options((const uint8_t[]){1, 1, 253, 3}), "W02");
    only_fires(scene_with_options((const uint8_t[]){1, 1, 253, 1}), "W02");
    only_fires(scene_with_options((const uint8_t[]){1, 1, 1, 253}), "W02");
    holds(scene_with_options((const uint8_t[]){1, 1, 253, 2}), "W02");
}

static void a_data_offset_below_five_words_fires(void **state)
{
    (void)state;
    struct scene *scene;
    struct trace_packet *packet = scene_with_reply(&scene, 4);
    uint8_t *offset = bytes_of(packet) + packet->layout.tcp_offset + 12;
    *offset = (uint8_t)(*offset & 0x0f) | 0x40;
    fix_tcp_checksum(packet);
    only_fires(scene, "W02");
}

static void an_mss_option_on_data_fires(void **state)
{
    (void)state;
    struct scene *scene = scene_open(4);
    handshake(scene, 1000);
    wrote(scene, 100);
    sent(scene, (struct piece){.flags = A,
                               .seq = 1,
                               .ack = 1,
                               .count = 100,
                               .options = {.has_mss = true, .mss = 1000}});
    only_fires(scene, "W03");
}

static void a_window_scale_above_14_fires(void **state)
{
    (void)state;
    const struct tcp_options offered = {.has_window_scale = true, .window_scale = 14};
    for (uint8_t scale = 14; scale <= 15; scale++) {
        struct scene *scene = scene_open(4);
        given(scene, (struct piece){.flags = S, .options = offered});
        sent(scene, (struct piece){.flags = SA,
                                   .ack = 1,
                                   .options = {.has_window_scale = true, .window_scale = scale}});
        (scale == 14 ? holds : only_fires)(scene, "W03");
    }
}

static struct scene *scene_with_syn_options(struct tcp_options peer, struct tcp_options sut,
                                            struct tcp_options later)
{
    struct scene *scene = scene_open(4);
    given(scene, (struct piece){.flags = S, .options = peer});
    sent(scene, (struct piece){.flags = SA, .ack = 1, .options = sut});
    drained(scene);
    given(scene, (struct piece){.flags = A, .seq = 3, .ack = 1, .count = 5});
    sent(scene, (struct piece){.flags = A, .seq = 1, .ack = 1, .options = later});
    return scene;
}

static void options_that_the_peer_did_not_offer_fire(void **state)
{
    (void)state;
    const struct tcp_options none = {.has_mss = true, .mss = 1000};
    const struct tcp_options scale = {.has_window_scale = true, .window_scale = 2};
    const struct tcp_options stamp = {.has_timestamps = true, .timestamp_value = 1};
    only_fires(scene_with_syn_options(none, scale, (struct tcp_options){0}), "W04");
    only_fires(scene_with_syn_options(none, stamp, (struct tcp_options){0}), "W04");
    only_fires(scene_with_syn_options(none, none, stamp), "W04");
    only_fires(scene_with_syn_options(stamp, stamp, (struct tcp_options){0}), "W04");
    holds(scene_with_syn_options(stamp, stamp, stamp), "W04");
    holds(scene_with_syn_options(scale, scale, (struct tcp_options){0}), "W04");
}

static void sack_blocks_that_were_not_permitted_fire(void **state)
{
    (void)state;
    const struct tcp_options blocks = {.sack_count = 1,
                                       .sack = {{.left = {PEER_ISN + 3}, .right = {PEER_ISN + 8}}}};
    const struct tcp_options permitted = {.sack_permitted = true};
    only_fires(scene_with_syn_options((struct tcp_options){0}, permitted, blocks), "W04");
    holds(scene_with_syn_options(permitted, permitted, blocks), "W04");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(checksums_over_odd_lengths_are_found_right),
        cmocka_unit_test(a_wrong_tcp_checksum_fires),
        cmocka_unit_test(a_wrong_ipv4_header_checksum_fires),
        cmocka_unit_test(a_reserved_bit_fires),
        cmocka_unit_test(an_ipv4_header_below_five_words_fires),
        cmocka_unit_test(padding_behind_the_end_of_options_must_be_zero),
        cmocka_unit_test(an_option_that_runs_over_the_header_fires),
        cmocka_unit_test(a_data_offset_below_five_words_fires),
        cmocka_unit_test(an_mss_option_on_data_fires),
        cmocka_unit_test(a_window_scale_above_14_fires),
        cmocka_unit_test(options_that_the_peer_did_not_offer_fire),
        cmocka_unit_test(sack_blocks_that_were_not_permitted_fire),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
