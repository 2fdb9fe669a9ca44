#include "kept.h"
#include <avr/eeprom.h>
#include <avr/io.h>
#include <avr/wdt.h>
#include <stddef.h>
#include <string.h>
#include <util/crc16.h>

/* Two copies, written in turn: a reset in the middle of one leaves the other whole. */
static struct copy {
  struct kept value;
  uint32_t mark; /* a bootloader may hide that power came, and noise must not pass for memory */
  uint8_t turn;
  uint16_t check;
} copies[2] OUTLIVES_RESET;

#define MARK 0x6B657074

struct kept kept;
uint8_t reset_cause OUTLIVES_RESET;
static uint8_t turn;

static uint16_t *const EPOCH_CELL = (uint16_t *)0;

/* Before anything else, or the watchdog bites again 16 ms after it has bitten. */
__attribute__((naked, used, section(".init3"))) void note_reset_cause(void) {
  reset_cause = MCUSR;
  MCUSR = 0;
  wdt_disable();
}

uint16_t kept_check(const void *bytes, uint8_t count) {
  const uint8_t *byte = bytes;
  uint16_t check = 0xC0DE; /* so that memory full of zeros does not pass */
  while (count--) check = _crc_ccitt_update(check, *byte++);
  return check;
}

static uint16_t check_of(const struct copy *copy) { return kept_check(copy, offsetof(struct copy, check)); }

static bool is_whole(const struct copy *copy) { return copy->mark == MARK && copy->check == check_of(copy); }

static const struct copy *newest(void) {
  bool first = is_whole(&copies[0]), second = is_whole(&copies[1]);
  if (first && second) return (int8_t)(copies[1].turn - copies[0].turn) > 0 ? &copies[1] : &copies[0];
  return first ? &copies[0] : second ? &copies[1] : 0;
}

static void begin_epoch(void) {
  uint16_t last = eeprom_read_word(EPOCH_CELL); /* a new chip holds FFFF */
  memset(&kept, 0, sizeof kept);
  kept.epoch = last >= WRAP14 ? 1 : last + 1;
  eeprom_write_word(EPOCH_CELL, kept.epoch);
}

bool kept_restore(void) {
  const struct copy *found = reset_cause & (_BV(PORF) | _BV(BORF)) ? 0 : newest();
  if (found) {
    kept = found->value;
    turn = found->turn;
  } else
    begin_epoch();
  kept.boots = (kept.boots + 1) & WRAP14;
  if (reset_cause & _BV(WDRF)) kept.watchdogs = (kept.watchdogs + 1) & WRAP14;
  return found;
}

void kept_seal(void) {
  struct copy *copy = &copies[++turn & 1];
  copy->value = kept;
  copy->mark = MARK;
  copy->turn = turn;
  copy->check = check_of(copy);
}
