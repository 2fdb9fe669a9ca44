/**
 * How Node and the C library keep house for the hub: for a process that holds ten thousand connections for months, not
 * for a short one. What it costs and saves: controller/ports/broker/README.md. Whoever says the same otherwise, to Node
 * or in the environment, has it otherwise.
 */

/**
 * V8 collects when its heap is a quarter larger than what was alive at the last time, instead of twice as large: what
 * rooms say replaces what they said a minute ago, so that half of the heap would be garbage all the time.
 */
export const HUB_NODE_FLAGS: readonly string[] = ['--heap-growing-percent=25']

/**
 * Of glibc; others do not know it. Node has a buffer of 16 or 64 KiB for what comes in over a TLS connection, for as long
 * as it lives, of which a page or two are used. Taken from the heap it lies in memory that somebody else has written to;
 * mapped by itself, what was never used takes none. Beyond so many mappings (Linux allows 65,530 of all kinds, and V8
 * must not run out of them) they come from the heap as before.
 */
export const HUB_ENVIRONMENT: Readonly<Record<string, string>> = {
  MALLOC_MMAP_THRESHOLD_: '16384',
  MALLOC_TOP_PAD_: '0',
  MALLOC_MMAP_MAX_: '30000',
}
