/* What engines call. */
#include "page.h"
#include "target.h"

int LLVMFuzzerTestOneInput(const uint8_t *input, size_t count)
{
    struct campaign_page *const page = campaign_page();
    page->last_hash = 0;
    campaign_count(&page->executions, 1);
    return fuzz_one_input(input, count);
}
