/* libpcap reads the file. */
#include "capture/source.h"

#include <errno.h>
#include <pcap/pcap.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "capture/link.h"

struct capture_source {
    pcap_t *pcap;
    uint64_t frames;
    int link;
};

static enum capture_error begin(FILE *file, struct capture_source **out, struct text *complaint)
{
    char words[PCAP_ERRBUF_SIZE] = "";
    pcap_t *pcap =
        pcap_fopen_offline_with_tstamp_precision(file, PCAP_TSTAMP_PRECISION_MICRO, words);
    if (pcap == NULL) {
        text_string(complaint, words);
        (void)fclose(file);
        return CAPTURE_NO_CAPTURE;
    }
    const int link = pcap_datalink(pcap); /* from here on the file is libpcap's */
    if (!capture_knows_link(link)) {
        const char *name = pcap_datalink_val_to_description(link);
        text_format(complaint, "link type %d (%s) is not known here", link,
                    name == NULL ? "?" : name);
        pcap_close(pcap);
        return CAPTURE_NO_CAPTURE;
    }
    *out = malloc(sizeof **out);
    if (*out == NULL) {
        text_string(complaint, strerror(ENOMEM));
        pcap_close(pcap);
        return CAPTURE_UNREADABLE;
    }
    **out = (struct capture_source){.pcap = pcap, .link = link};
    return CAPTURE_OK;
}

enum capture_error capture_open(const char *path, struct capture_source **out,
                                struct text *complaint)
{
    *out = NULL;
    FILE *file = fopen(path, "rb");
    if (file == NULL) {
        text_string(complaint, strerror(errno));
        return CAPTURE_UNREADABLE;
    }
    return capture_open_stream(file, out, complaint);
}

enum capture_error capture_open_stream(FILE *file, struct capture_source **out,
                                       struct text *complaint)
{
    *out = NULL;
    /* A folder opens, and fails at the first octet; libpcap does not tell that from an empty file. */
    const int first = getc(file);
    if (first == EOF && ferror(file)) {
        text_string(complaint, strerror(errno));
        (void)fclose(file);
        return CAPTURE_UNREADABLE;
    }
    if (first == EOF) {
        text_string(complaint, "the file is empty");
        (void)fclose(file);
        return CAPTURE_NO_CAPTURE;
    }
    (void)ungetc(first, file);
    return begin(file, out, complaint);
}

bool capture_next(struct capture_source *source, struct capture_frame *out,
                  enum capture_error *error, struct text *complaint)
{
    struct pcap_pkthdr *head = NULL;
    const uint8_t *bytes = NULL;
    const int result = pcap_next_ex(source->pcap, &head, &bytes);
    *error = CAPTURE_OK;
    if (result == PCAP_ERROR) {
        text_string(complaint, pcap_geterr(source->pcap));
        *error = CAPTURE_NO_CAPTURE;
    }
    if (result != 1) {
        return false;
    }
    *out = (struct capture_frame){.number = ++source->frames,
                                  .time_us = (uint64_t)head->ts.tv_sec * 1000000 +
                                             (uint64_t)head->ts.tv_usec,
                                  .link = source->link,
                                  .bytes = bytes,
                                  .count = head->caplen,
                                  .wire_count = head->len};
    return true;
}

void capture_close(struct capture_source *source)
{
    if (source != NULL) {
        pcap_close(source->pcap);
        free(source);
    }
}
