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

/* How much newer, or 0. */
static uint16_t steps_past(uint16_t seq, uint16_t sealed) {
  uint16_t steps = (seq - sealed) & WRAP14;
  return steps > WRAP14 / 2 ? 0 : steps;
}

static void catch_up(const struct event *event) {
  if (steps_past(event->seq, kept.seq)) kept.seq = event->seq;
  if (event->at > kept.clock) kept.clock = event->at;
}

void events_restore(bool warm, void (*redo)(const struct event *event)) {
  if (!warm) {
    memset(places, 0, sizeof places);
    return;
  }
  const uint16_t sealed = kept.seq;
  EACH_PLACE(event) {
    if (!event->kind) continue;
    if (event->check != check_of(event)) {
      event->kind = 0;
      continue;
    }
    event->flags |= PANEL_FLAG_RESET;
    event->check = check_of(event);
    if (!steps_past(event->seq, sealed)) continue;
    catch_up(event);
    redo(event);
  }
}

void event_add(struct event event) {
  uint8_t allowed = PANEL_EVENTS_PER_BUTTON - (event.kind == PANEL_KIND_PRESS ? 0 : FOR_PRESSES);
  for (uint8_t i = 0; i < allowed; i++) {
    struct event *place = &places[event.button][i];
    if (place->kind) continue;
    /* Only what is kept is numbered, so that numbers that wait never come round. */
    event.seq = kept.seq = (kept.seq + 1) & WRAP14;
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
