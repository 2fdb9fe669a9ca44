#include "messages.h"
#include "events.h"
#include "host.h"
#include "kept.h"
#include "lamps.h"
#include "role.h"
#include "serial.h"
#include <util/crc16.h>

#define FRAME_BYTES 6 /* F0, PANEL_SYSEX, kind, check (2), F7 */
#define CHECK_BYTES 2

/* ---- out */

static uint16_t out_check;

static void put(uint32_t value, uint8_t bytes) {
  for (; bytes--; value >>= 7) {
    uint8_t byte = value & 0x7F;
    out_check = _crc_xmodem_update(out_check, byte);
    serial_send(byte);
  }
}

static void begin(uint8_t kind) {
  serial_send(0xF0);
  serial_send(PANEL_SYSEX);
  out_check = 0;
  put(kind, 1);
}

static void end(void) {
  put(out_check & WRAP14, CHECK_BYTES);
  serial_send(0xF7);
}

static void send_state(void) {
  if (!serial_has_room(PANEL_STATE_BYTES + FRAME_BYTES)) return;
  begin(PANEL_STATE);
  put(PANEL_PROTOCOL, 1);
  put(role(), 1);
  put(kept.epoch, 2);
  put(kept.boots, 2);
  put(reset_cause & 0x0F, 1);
  put(kept.watchdogs, 2);
  put(kept.clock, 4);
  put(host_last_beat(), 1);
  put(host_is_known(), 1);
  put(kept.down, 1);
  put(kept.stuck, 1);
  put(lamps_lit(), 1);
  put(events_waiting(), 1);
  put(kept.lost, 2);
  put(serial_errors(), 1);
  end();
}

#define LONGEST 0x0FFFFFFF /* 28 bits of milliseconds: three days */
static uint32_t at_most_longest(uint32_t ms) { return ms > LONGEST ? LONGEST : ms; }

static void send_event(const struct event *event) {
  begin(PANEL_EVENT);
  put(kept.epoch, 2);
  put(event->seq, 2);
  put(event->button, 1);
  put(event->kind, 1);
  put(event->flags, 1);
  put(at_most_longest(event->duration), 4);
  put(at_most_longest(kept.clock - event->at), 4);
  end();
}

/*
 * One event at a time until it is acknowledged: so they arrive in order, and the host need not remember more than the
 * last. Nobody hears them while the host is silent.
 */
static void send_oldest(void) {
  static uint16_t sent_seq, since_ms;
  if (since_ms < PANEL_RESEND_MS) since_ms++;
  const struct event *oldest = host_is_known() ? event_oldest() : 0;
  if (!oldest || (oldest->seq == sent_seq && since_ms < PANEL_RESEND_MS)) return;
  if (!serial_has_room(PANEL_EVENT_BYTES + FRAME_BYTES)) return;
  send_event(oldest);
  sent_seq = oldest->seq;
  since_ms = 0;
}

static uint16_t state_ms;

void messages_tick(void) {
  send_oldest();
  if (++state_ms < PANEL_STATE_MS) return;
  state_ms = 0;
  send_state();
}

/* ---- in */

static uint16_t number_at(const uint8_t *bytes) { return bytes[0] | bytes[1] << 7; }

static bool is_whole(const uint8_t *bytes, uint8_t count) {
  if (count <= CHECK_BYTES) return false;
  uint16_t check = 0;
  for (uint8_t i = 0; i < count - CHECK_BYTES; i++) check = _crc_xmodem_update(check, bytes[i]);
  return (check & WRAP14) == number_at(bytes + count - CHECK_BYTES);
}

static void hear_beat(const uint8_t *fields) {
  host_beat(fields[0]);
  for (uint8_t lamp = 0; lamp < PANEL_LAMPS; lamp++) lamp_pattern(lamp, fields[1 + lamp]);
  state_ms = 0;
  send_state();
}

void message_heard(const uint8_t *bytes, uint8_t count) {
  if (!is_whole(bytes, count)) return;
  const uint8_t kind = bytes[0], *fields = bytes + 1, length = count - 1 - CHECK_BYTES;
  if (kind == PANEL_BEAT && length == 1 + PANEL_LAMPS) hear_beat(fields);
  if (kind == PANEL_ACK && length == 4) event_forget(number_at(fields), number_at(fields + 2));
  if (kind == PANEL_LAMP_TEST && length == 0) lamps_test();
}
