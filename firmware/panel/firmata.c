#include "firmata.h"
#include "board.h"
#include "kept.h"
#include "lamps.h"
#include "messages.h"
#include "serial.h"
#include <avr/pgmspace.h>
#include <stdbool.h>

enum {
  DIGITAL = 0x90, /* and port */
  REPORT_PORT = 0xD0, /* and port */
  START_SYSEX = 0xF0,
  SET_PIN = 0xF5,
  END_SYSEX = 0xF7,
  VERSION = 0xF9,
  RESET = 0xFF,
};
enum { ANALOG_QUERY = 0x69, ANALOG_ANSWER, CAPABILITY_QUERY, CAPABILITY_ANSWER, PIN_QUERY, PIN_ANSWER, FIRMWARE = 0x79 };
enum { MODE_INPUT = 0, MODE_OUTPUT = 1, MODE_PULLUP = 0x0B, NONE = 0x7F };

/* Pins are what they are soldered to; the host cannot turn one into something else, so it has no say in modes. */
static bool is_button(uint8_t pin) { return pin >= BUTTON_PIN && pin < BUTTON_PIN + PANEL_BUTTONS; }
static bool is_lamp(uint8_t pin) { return pin >= LAMP_PIN && pin < LAMP_PIN + PANEL_LAMPS; }

/* ---- out */

static const char name[] PROGMEM = "VerbatimPanel";

static void send(uint8_t byte) { serial_send(byte); }

static void send_version(void) {
  if (!serial_has_room(3)) return;
  send(VERSION);
  send(2);
  send(6);
}

static void send_firmware(void) {
  if (!serial_has_room(5 + 2 * sizeof name)) return;
  send(START_SYSEX);
  send(FIRMWARE);
  send(PANEL_PROTOCOL);
  send(0);
  for (uint8_t i = 0; i < sizeof name - 1; i++) {
    send(pgm_read_byte(&name[i]));
    send(0);
  }
  send(END_SYSEX);
}

static void send_capabilities(void) {
  if (!serial_has_room(3 + PINS + 4 * PANEL_BUTTONS + 2 * PANEL_LAMPS)) return;
  send(START_SYSEX);
  send(CAPABILITY_ANSWER);
  for (uint8_t pin = 0; pin < PINS; pin++) {
    if (is_button(pin)) {
      send(MODE_INPUT);
      send(1);
      send(MODE_PULLUP);
      send(1);
    }
    if (is_lamp(pin)) {
      send(MODE_OUTPUT);
      send(1);
    }
    send(NONE);
  }
  send(END_SYSEX);
}

static void send_analog_pins(void) {
  if (!serial_has_room(3 + PINS)) return;
  send(START_SYSEX);
  send(ANALOG_ANSWER);
  for (uint8_t pin = 0; pin < PINS; pin++) send(NONE);
  send(END_SYSEX);
}

static void send_pin(uint8_t pin) {
  if (!serial_has_room(6)) return;
  send(START_SYSEX);
  send(PIN_ANSWER);
  send(pin);
  send(is_button(pin) ? MODE_PULLUP : is_lamp(pin) ? MODE_OUTPUT : NONE);
  send(is_button(pin) || (is_lamp(pin) && lamps_lit() & _BV(pin - LAMP_PIN)));
  send(END_SYSEX);
}

/* Buttons are on port 0, high while released; lamps on port 1. */
static uint8_t level_of(uint8_t port) {
  return port == 0 ? BUTTON_MASK & ~(kept.down << BUTTON_PIN) : port == 1 ? lamps_lit() : 0;
}

static bool is_reporting;
static uint8_t reported;

static void report(uint8_t port) {
  if (!serial_has_room(3)) return;
  uint8_t level = level_of(port);
  if (port == 0) reported = level;
  send(DIGITAL | port);
  send(level & 0x7F);
  send(level >> 7);
}

void firmata_begin(void) {
  send_version();
  send_firmware();
}

void firmata_tick(void) {
  if (is_reporting && reported != level_of(0)) report(0);
}

/* ---- in */

static void set_pin(uint8_t pin, bool is_high) {
  if (is_lamp(pin)) lamp_light(pin - LAMP_PIN, is_high);
}

static void set_port(uint8_t port, uint16_t levels) {
  for (uint8_t i = 0; i < 8; i++) set_pin(port * 8 + i, levels >> i & 1);
}

static void report_port(uint8_t port, bool is_wanted) {
  if (port == 0) is_reporting = is_wanted;
  if (is_wanted && port <= 2) report(port);
}

static void reset(void) {
  is_reporting = false;
  lamps_forget();
}

#define LONGEST_SYSEX 32
static uint8_t sysex[LONGEST_SYSEX], count, command, data;

static void sysex_heard(void) {
  switch (sysex[0]) {
  case FIRMWARE: send_firmware(); break;
  case CAPABILITY_QUERY: send_capabilities(); break;
  case ANALOG_QUERY: send_analog_pins(); break;
  case PIN_QUERY:
    if (count > 1 && sysex[1] < PINS) send_pin(sysex[1]);
    break;
  case PANEL_SYSEX: message_heard(sysex + 1, count - 1); break;
  }
}

static void command_heard(uint8_t byte) {
  if (byte == END_SYSEX && command == START_SYSEX && count && count <= LONGEST_SYSEX) sysex_heard();
  if (byte == VERSION) send_version();
  if (byte == RESET) reset();
  command = byte;
  count = 0;
}

static void data_heard(uint8_t byte) {
  if (command == START_SYSEX) {
    if (count < LONGEST_SYSEX) sysex[count] = byte;
    if (count <= LONGEST_SYSEX) count++; /* one more marks it as too long */
    return;
  }
  uint8_t kind = command < 0xF0 ? command & 0xF0 : command, port = command & 0x0F;
  if (kind == REPORT_PORT) {
    report_port(port, byte);
    command = 0;
  } else if (kind == DIGITAL || kind == SET_PIN) {
    if (!count++) {
      data = byte;
      return;
    }
    if (kind == SET_PIN)
      set_pin(data, byte);
    else
      set_port(port, data | byte << 7);
    command = 0;
  }
}

void firmata_heard(uint8_t byte) {
  if (byte & 0x80)
    command_heard(byte);
  else
    data_heard(byte);
}
