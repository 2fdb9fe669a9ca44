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

/* Keeps what is whole; `warm` as kept_restore says. */
void events_restore(bool warm);

void event_add(uint8_t button, uint8_t kind, uint32_t duration, uint8_t flags);
void event_forget(uint16_t epoch, uint16_t seq);

const struct event *event_oldest(void);
uint8_t events_waiting(void);

#endif
