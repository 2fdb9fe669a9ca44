#include "buttons.h"
#include "board.h"
#include "host.h"
#include "kept.h"

/* Rises while the contact is closed and falls while it is open; the button follows at either end. */
static uint8_t closed_ms[PANEL_BUTTONS];
static uint8_t was_reset; /* buttons held through a reset: how long is not known exactly */

static uint8_t contacts(void) { return (uint8_t)(~PIND & BUTTON_MASK) >> BUTTON_PIN; }

void buttons_begin(bool warm) {
  /* Held when power came: no press, but a button that is stuck. */
  if (!warm) kept.down = kept.stuck = kept.told_long = contacts();
  was_reset = kept.down;
  for (uint8_t button = 0; button < PANEL_BUTTONS; button++)
    closed_ms[button] = kept.down & _BV(button) ? PANEL_DEBOUNCE_MS : 0;
}

static void release(uint8_t button) {
  uint8_t others = ~_BV(button);
  kept.down &= others;
  kept.stuck &= others;
  kept.told_long &= others;
  was_reset &= others;
}

void button_did(const struct event *event) {
  switch (event->kind) {
  case PANEL_KIND_PRESS:
    kept.down |= _BV(event->button);
    kept.pressed_at[event->button] = event->at;
    break;
  case PANEL_KIND_LONG: kept.told_long |= _BV(event->button); break;
  case PANEL_KIND_RELEASE: release(event->button);
  }
}

static void tell(uint8_t button, uint8_t kind, uint32_t duration) {
  struct event event = {.at = kept.clock, .duration = duration, .button = button, .kind = kind};
  if (!host_is_known()) event.flags |= PANEL_FLAG_AWAY;
  if (kind != PANEL_KIND_PRESS && was_reset & _BV(button)) event.flags |= PANEL_FLAG_RESET;
  event_add(event);
  button_did(&event);
}

static void hold(uint8_t button, uint32_t held_ms) {
  if (held_ms >= PANEL_STUCK_MS) kept.stuck |= _BV(button);
  if (held_ms >= PANEL_LONG_MS && !(kept.told_long & _BV(button))) tell(button, PANEL_KIND_LONG, held_ms);
}

static void follow(uint8_t button, bool is_closed) {
  uint8_t *ms = &closed_ms[button];
  uint32_t held_ms = kept.clock - kept.pressed_at[button];
  if (is_closed && *ms < PANEL_DEBOUNCE_MS) ++*ms;
  if (!is_closed && *ms) --*ms;
  if (!(kept.down & _BV(button))) {
    if (*ms == PANEL_DEBOUNCE_MS) tell(button, PANEL_KIND_PRESS, 0);
  } else if (*ms)
    hold(button, held_ms);
  else
    tell(button, PANEL_KIND_RELEASE, held_ms);
}

void buttons_tick(void) {
  uint8_t closed = contacts();
  for (uint8_t button = 0; button < PANEL_BUTTONS; button++) follow(button, closed & _BV(button));
}
