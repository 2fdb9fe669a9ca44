#include "lamps.h"
#include "board.h"
#include "host.h"
#include "kept.h"
#include <avr/pgmspace.h>

/* Two seconds in steps of 100 ms, one bit each. All lamps share them, so that they blink together. */
#define STEP_MS 100
#define STEPS 20
static const uint32_t shapes[PANEL_PATTERNS] PROGMEM = {
    [PANEL_PATTERN_STEADY] = 0xFFFFF,
    [PANEL_PATTERN_BLINKING] = 0x07C1F,
    [PANEL_PATTERN_FLASHING] = 0x33333,
    [PANEL_PATTERN_WINKING] = 0x00005,
};

static uint8_t lit, patterns[PANEL_LAMPS], step, step_ms;
static uint16_t test_ms;

static bool shows(uint8_t pattern) { return pgm_read_dword(&shapes[pattern]) >> step & 1; }

static uint8_t wanted(void) {
  uint8_t shown = 0;
  for (uint8_t lamp = 0; lamp < PANEL_LAMPS; lamp++)
    if (lit & _BV(lamp) && shows(patterns[lamp])) shown |= _BV(lamp);
  return shown;
}

/* Nobody says that it records, nobody says that it does not: REC and FAULT flash in turn, whatever they showed before. */
static uint8_t not_known(void) { return shows(PANEL_PATTERN_FLASHING) ? _BV(PANEL_LAMP_FAULT) : _BV(PANEL_LAMP_REC); }

/* One lamp at a time, so that nobody takes the test for a hearing on the record. */
static uint8_t tested(void) { return _BV(PANEL_LAMPS - 1 - (test_ms - 1) / PANEL_LAMP_TEST_MS); }

void lamps_tick(void) {
  if (++step_ms == STEP_MS) {
    step_ms = 0;
    if (++step == STEPS) step = 0;
  }
  uint8_t shown = test_ms ? tested() : host_is_known() ? wanted() : not_known();
  if (test_ms) test_ms--;
  PORTB = shown | (host_is_known() ? LINK_LAMP : 0);
}

void lamp_light(uint8_t lamp, bool is_lit) {
  if (is_lit)
    lit |= _BV(lamp);
  else
    lit &= ~_BV(lamp);
}

void lamp_pattern(uint8_t lamp, uint8_t pattern) {
  if (pattern < PANEL_PATTERNS) patterns[lamp] = pattern;
}

void lamps_test(void) { test_ms = PANEL_LAMPS * PANEL_LAMP_TEST_MS; }

void lamps_forget(void) { lit = 0; }

uint8_t lamps_lit(void) { return lit; }
