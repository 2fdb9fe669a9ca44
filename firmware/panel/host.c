#include "host.h"
#include "protocol.h"

static uint16_t silent_ms = PANEL_SILENT_MS;
static uint8_t last_beat;

void host_tick(void) {
  if (silent_ms < PANEL_SILENT_MS) silent_ms++;
}

void host_beat(uint8_t number) {
  silent_ms = 0;
  last_beat = number;
}

bool host_is_known(void) { return silent_ms < PANEL_SILENT_MS; }

uint8_t host_last_beat(void) { return last_beat; }
