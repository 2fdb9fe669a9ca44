/*
 * What outlives a reset. Opening the port resets the board, and so does the watchdog; memory keeps its contents through
 * both, so this lies where neither start-up code nor a bootloader writes. It does not outlive a loss of power.
 */
#ifndef KEPT_H
#define KEPT_H

#include "protocol.h"
#include <stdbool.h>
#include <stdint.h>

struct kept {
  uint32_t clock;                     /* milliseconds since power came; stands still during a reset */
  uint32_t pressed_at[PANEL_BUTTONS]; /* by that clock */
  uint16_t epoch;                     /* counts cold starts, for ever: with `seq` it names an event for good */
  uint16_t seq;                       /* of the last event */
  uint16_t boots;                     /* starts in this epoch, this one included */
  uint16_t watchdogs;
  uint16_t lost; /* events for which no room was left; stays at its highest */
  uint8_t down;  /* buttons held, debounced */
  uint8_t stuck; /* of them, those held too long to mean anything */
  uint8_t told_long;
};

extern struct kept kept;

/* What the last reset came from; PANEL_CAUSE_ bits. */
extern uint8_t reset_cause;

/* Finds what was kept, or begins a new epoch. True when something was kept. */
bool kept_restore(void);

/* Keeps `kept` as it is now: once a millisecond, so that a reset costs at most one. */
void kept_seal(void);

/* Check over bytes in memory that outlives a reset. */
uint16_t kept_check(const void *bytes, uint8_t count);

#define OUTLIVES_RESET __attribute__((section(".noinit")))
#define WRAP14 0x3FFF /* numbers on the line have 14 bits */

#endif
