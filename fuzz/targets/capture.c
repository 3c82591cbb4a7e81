/* Captures: whatever the octets of a file are, its frames are read within them, and what they hold is
 * held against the oracles without harm. Input: a pcap or pcapng file. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "capture/audit.h"
#include "capture/source.h"
#include "finding.h"
#include "page.h"
#include "target.h"

#define FRAMES_MAX 200

static void check_packet(const struct capture_packet *packet, const uint8_t *frame, size_t count)
{
    law(packet->bytes >= frame && packet->bytes <= frame + count &&
            packet->count <= count - (size_t)(packet->bytes - frame),
        "capture", "the packet lies inside its frame");
    const struct tcp_segment *const segment = &packet->segment;
    law(segment->payload == NULL ||
            (segment->payload >= packet->bytes &&
             segment->payload + segment->payload_bytes <= packet->bytes + packet->count),
        "capture", "the text lies inside its packet");
}

/* Reads from memory of exactly the frame's size, so that a sanitizer sees what is read behind it. */
static void take_frame(struct audit *audit, const struct capture_frame *frame)
{
    uint8_t *const exact = malloc(frame->count == 0 ? 1 : frame->count);
    if (exact == NULL) {
        return;
    }
    memcpy(exact, frame->bytes, frame->count);
    struct capture_packet packet;
    capture_packet_read(frame->link, exact, frame->count, frame->wire_count, &packet);
    if (packet.kind == CAPTURE_TCP) {
        check_packet(&packet, exact, frame->count);
        audit_packet(audit, frame->number, (tcp_time){frame->time_us}, &packet);
    }
    free(exact);
}

/* What two runs of the same input must agree on. */
static uint64_t sum_of(const struct audit *audit, uint64_t frames)
{
    size_t count;
    const struct audit_finding *const findings = audit_findings(audit, &count);
    uint64_t sum = frames * 31 + audit_flows(audit);
    for (size_t index = 0; index < count; index++) {
        law(findings[index].packet <= frames, "capture", "a finding names a packet that there is");
        sum =
            sum * UINT64_C(1099511628211) + findings[index].packet + strlen(findings[index].detail);
    }
    return sum;
}

int fuzz_one_input(const uint8_t *bytes, size_t count)
{
    FILE *const file = count == 0 ? NULL : fmemopen((void *)(uintptr_t)bytes, count, "rb");
    if (file == NULL) {
        return 0;
    }
    struct text complaint = TEXT_EMPTY;
    struct capture_source *source;
    enum capture_error error = capture_open_stream(file, &source, &complaint);
    struct arena *const arena = arena_create();
    struct audit *const audit = audit_create(&(struct audit_options){0}, arena);
    struct capture_frame frame = {0};
    while (error == CAPTURE_OK && frame.number < FRAMES_MAX &&
           capture_next(source, &frame, &error, &complaint)) {
        take_frame(audit, &frame);
    }
    campaign_page()->last_hash = sum_of(audit, frame.number);
    law((error == CAPTURE_OK) == (complaint.length == 0), "capture",
        "an error is told, no other is");
    capture_close(source);
    arena_destroy(arena);
    text_free(&complaint);
    return 0;
}
