#include "page.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

static struct campaign_page own_page;

static struct campaign_page *map_page(const char *path)
{
    const int file = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0644);
    if (file < 0 || ftruncate(file, sizeof own_page) != 0) {
        (void)fprintf(stderr, "%s: cannot be used as a campaign's page\n", path);
        exit(3);
    }
    void *const memory = mmap(NULL, sizeof own_page, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
    (void)close(file);
    if (memory == MAP_FAILED) {
        (void)fprintf(stderr, "%s: cannot be mapped\n", path);
        exit(3);
    }
    return memory;
}

struct campaign_page *campaign_page(void)
{
    static struct campaign_page *page;
    if (page == NULL) {
        const char *const path = getenv("FINWAIT_CAMPAIGN_PAGE");
        page = path == NULL ? &own_page : map_page(path);
        page->magic = CAMPAIGN_PAGE_MAGIC;
    }
    return page;
}
