/* A new file beside the old one, moved over it when it is complete. */
#include "cli/replace.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static int write_all(int file, const struct text *words)
{
    for (size_t done = 0; done < words->length;) {
        const ssize_t count = write(file, words->bytes + done, words->length - done);
        if (count < 0 && errno != EINTR) {
            return errno;
        }
        done += count > 0 ? (size_t)count : 0;
    }
    return fsync(file) == 0 ? 0 : errno;
}

/* Fills the new file and gives it the old one's owner (as far as one may) and mode. 0, or why not. */
static int fill(int file, const struct stat *old, const struct text *words)
{
    int error = write_all(file, words);
    if (error == 0 && fchown(file, old->st_uid, old->st_gid) != 0 && errno != EPERM) {
        error = errno;
    }
    if (error == 0 && fchmod(file, old->st_mode & 07777) != 0) {
        error = errno;
    }
    return error;
}

/* A new file beside the old one, moved over it when it is complete. 0, or why not. */
static int replace_real(const char *path, const struct text *words)
{
    const char *slash = strrchr(path, '/');
    const size_t folder = slash == NULL ? 0 : (size_t)(slash - path) + 1;
    struct text name = TEXT_EMPTY;
    struct stat old;
    if (stat(path, &old) != 0) {
        return errno;
    }
    if (access(path, W_OK) != 0) {
        return errno; /* a file that may not be written is not to be replaced either */
    }
    text_format(&name, "%.*s.finwait-fmt-XXXXXX", (int)folder, path);
    const int file = mkstemp(name.bytes);
    if (file < 0) {
        const int error = errno;
        text_free(&name);
        return error;
    }
    int error = fill(file, &old, words);
    if (close(file) != 0 && error == 0) {
        error = errno;
    }
    if (error == 0 && rename(name.bytes, path) != 0) {
        error = errno;
    }
    if (error != 0) {
        (void)unlink(name.bytes);
    }
    text_free(&name);
    return error;
}

/* A symbolic link stays one: what it leads to is replaced. */
int replace_file(const char *path, const struct text *words)
{
    char *real = realpath(path, NULL);
    if (real == NULL) {
        return errno;
    }
    const int error = replace_real(real, words);
    free(real);
    return error;
}
