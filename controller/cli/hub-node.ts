/**
 * How Node and the C library keep house for the hub: for a process that holds ten thousand connections for months, not
 * for a short one. Whoever sets the same otherwise, in NODE_OPTIONS or the environment, has it otherwise.
 */

/**
 * V8 collects when its heap is a quarter larger than what was alive at the last time, instead of twice as large: what
 * rooms say replaces what they said a minute ago, so that half of the heap would always be garbage.
 */
export const HUB_NODE_FLAGS: readonly string[] = ['--heap-growing-percent=25']

/**
 * Of glibc; others do not know it. Each TLS connection has a buffer of 16 or 64 KiB in Node for what comes in, of which it
 * uses a page or two. Taken from the heap it is full of pages that somebody else has written to; mapped by itself, what
 * was never used takes no memory. Beyond so many mappings (Linux allows 65,530) they come from the heap as before.
 */
export const HUB_ENVIRONMENT: Readonly<Record<string, string>> = {
  MALLOC_MMAP_THRESHOLD_: '65536',
  MALLOC_TOP_PAD_: '0',
  MALLOC_MMAP_MAX_: '30000',
}
