/* In place of source.c where there is no libpcap. */
#include "capture/source.h"

static enum capture_error refuse(struct capture_source **out, struct text *complaint)
{
    *out = NULL;
    text_string(complaint, "this finwait was built without libpcap and reads no captures "
                           "(apt-get install libpcap-dev, and build anew)");
    return CAPTURE_UNABLE;
}

enum capture_error capture_open(const char *path, struct capture_source **out,
                                struct text *complaint)
{
    (void)path;
    return refuse(out, complaint);
}

enum capture_error capture_open_stream(FILE *file, struct capture_source **out,
                                       struct text *complaint)
{
    (void)fclose(file);
    return refuse(out, complaint);
}

bool capture_next(struct capture_source *source, struct capture_frame *out,
                  enum capture_error *error, struct text *complaint)
{
    (void)source, (void)out, (void)complaint;
    *error = CAPTURE_UNABLE;
    return false;
}

void capture_close(struct capture_source *source)
{
    (void)source;
}
