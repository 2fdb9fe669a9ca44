/* What the buttons did and the host has not acknowledged yet: numbered, in order, kept across a reset. */
#ifndef EVENTS_H
#define EVENTS_H

#include <stdbool.h>
#include <stdint.h>

struct event {
  uint32_t at; /* by the kept clock */
  uint32_t duration;
  uint16_t seq;
  uint8_t button;
  uint8_t kind; /* 0: the place is free */
  uint8_t flags;
  uint16_t check;
};

/*
 * Keeps what is whole; `warm` as kept_restore says. A reset may come when an event is in its place already and what it
 * changed is not sealed yet: `redo` is told of those.
 */
void events_restore(bool warm, void (*redo)(const struct event *event));

/* Gives it its number and its place. */
void event_add(struct event event);
void event_forget(uint16_t epoch, uint16_t seq);

const struct event *event_oldest(void);
uint8_t events_waiting(void);

#endif
