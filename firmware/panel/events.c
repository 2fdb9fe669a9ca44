#include "events.h"
#include "kept.h"
#include <stddef.h>
#include <string.h>

/*
 * Each button has places of its own, so that one that chatters takes none from the others. The last few are for presses
 * alone: whoever presses often shall not lose a press to a release.
 */
#define FOR_PRESSES 4

static struct event places[PANEL_BUTTONS][PANEL_EVENTS_PER_BUTTON] OUTLIVES_RESET;

#define EACH_PLACE(place) \
  for (struct event *place = places[0]; place < places[0] + PANEL_BUTTONS * PANEL_EVENTS_PER_BUTTON; place++)

static uint16_t check_of(const struct event *event) { return kept_check(event, offsetof(struct event, check)); }

static uint16_t steps_back(uint16_t seq) { return (kept.seq - seq) & WRAP14; }

void events_restore(bool warm) {
  if (!warm) {
    memset(places, 0, sizeof places);
    return;
  }
  EACH_PLACE(event) {
    if (!event->kind) continue;
    if (event->check != check_of(event)) {
      event->kind = 0;
      continue;
    }
    event->flags |= PANEL_FLAG_RESET;
    event->check = check_of(event);
    /* Written, but its number not sealed yet: number on from the newest. */
    if (steps_back(event->seq) > WRAP14 / 2) kept.seq = event->seq;
  }
}

void event_add(uint8_t button, uint8_t kind, uint32_t duration, uint8_t flags) {
  uint8_t allowed = PANEL_EVENTS_PER_BUTTON - (kind == PANEL_KIND_PRESS ? 0 : FOR_PRESSES);
  for (uint8_t i = 0; i < allowed; i++) {
    struct event *place = &places[button][i];
    if (place->kind) continue;
    /* Only what is kept is numbered, so that numbers that wait never come round. */
    kept.seq = (kept.seq + 1) & WRAP14;
    struct event event = {kept.clock, duration, kept.seq, button, kind, flags, 0};
    event.check = check_of(&event);
    *place = event;
    return;
  }
  if (kept.lost < WRAP14) kept.lost++;
}

void event_forget(uint16_t epoch, uint16_t seq) {
  if (epoch != kept.epoch) return;
  EACH_PLACE(event) if (event->seq == seq) event->kind = 0;
}

const struct event *event_oldest(void) {
  const struct event *oldest = 0;
  EACH_PLACE(event) {
    if (event->kind && (!oldest || steps_back(event->seq) > steps_back(oldest->seq))) oldest = event;
  }
  return oldest;
}

uint8_t events_waiting(void) {
  uint8_t count = 0;
  EACH_PLACE(event) count += event->kind != 0;
  return count;
}
