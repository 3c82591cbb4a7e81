/* A capture file, frame by frame: pcap or pcapng, by libpcap. The one file that knows libpcap is
 * source.c; finwait can be built without it, and then says so when a capture is opened. */
#ifndef FINWAIT_CAPTURE_SOURCE_H
#define FINWAIT_CAPTURE_SOURCE_H

#include "base/text.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

struct capture_source;

struct capture_frame {
    uint64_t number;  /* from 1, as other tools count */
    uint64_t time_us; /* since 1970, or since whatever the file counts from */
    int link;
    const uint8_t *bytes; /* until the next frame */
    size_t count;         /* captured */
    size_t wire_count;    /* sent */
};

enum capture_error {
    CAPTURE_OK,
    CAPTURE_UNREADABLE, /* the file cannot be opened or read */
    CAPTURE_NO_CAPTURE, /* it is none, or of a kind that is not known, or ends in the middle */
    CAPTURE_UNABLE,     /* built without libpcap */
};

/* Opens a file; close it with capture_close(). On an error *out is NULL and `complaint` says why. */
enum capture_error capture_open(const char *path, struct capture_source **out,
                                struct text *complaint);

/* The same of a stream, which is closed in any case: by capture_close(), or on an error at once. */
enum capture_error capture_open_stream(FILE *file, struct capture_source **out,
                                       struct text *complaint);

/* False at the end, whether it is the file's or an error: then *error tells, and `complaint` says
 * why. */
bool capture_next(struct capture_source *source, struct capture_frame *out,
                  enum capture_error *error, struct text *complaint);

void capture_close(struct capture_source *source);

#endif
