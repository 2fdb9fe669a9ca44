/*
 * Verbatim's front panel. README.md says what it does; protocol.h what it says. Everything happens in the main loop, a
 * millisecond at a time; interrupts only move bytes and count.
 */
#include "board.h"
#include "buttons.h"
#include "clock.h"
#include "events.h"
#include "firmata.h"
#include "host.h"
#include "kept.h"
#include "lamps.h"
#include "messages.h"
#include "role.h"
#include "serial.h"
#include <avr/interrupt.h>
#include <avr/sleep.h>
#include <avr/wdt.h>
#include <util/delay.h>

static void pins_begin(void) {
  PORTD = BUTTON_MASK | STRAP_JUDGE | STRAP_SECOND;
  DDRD = SERIAL_OUT;
  DDRB = LAMP_MASK | LINK_LAMP;
  _delay_ms(1); /* for the pull-ups, against the capacity of the wires */
}

static void begin(void) {
  bool warm = kept_restore();
  events_restore(warm, button_did);
  pins_begin();
  role_begin();
  buttons_begin(warm);
  if (!warm) lamps_test();
  kept_seal();
  clock_begin();
  serial_begin();
  firmata_begin();
  wdt_enable(WDTO_250MS);
  sei();
}

static void tick(void) {
  kept.clock++;
  host_tick();
  if (role() != PANEL_ROLE_JUDGE) buttons_tick();
  lamps_tick();
  firmata_tick();
  messages_tick();
  kept_seal();
  wdt_reset(); /* here, so that a clock that stands still is bitten too */
}

/* Nothing may happen between the look and the sleep, or it would be slept through. */
static void sleep(void) {
  cli();
  if (!serial_has_byte() && !clock_is_due()) {
    sleep_enable();
    sei();
    sleep_cpu();
    sleep_disable();
  }
  sei();
}

int main(void) {
  begin();
  set_sleep_mode(SLEEP_MODE_IDLE);
  for (;;) {
    /* A storm of bytes must not keep the clock waiting. */
    if (serial_has_byte()) firmata_heard(serial_take());
    if (clock_take()) tick();
    sleep();
  }
}
