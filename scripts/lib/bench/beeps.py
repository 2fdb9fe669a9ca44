#!/usr/bin/python3
"""Six microphones that beep at full multiples of two seconds of CLOCK_MONOTONIC, as an audio interface on the network.

Sends L16 in packets of 5 ms by RTP to 127.0.0.1:PORT. The packet that begins with the beep is due at the multiple itself.
Ends when standard input closes, and prints how late those packets left, and the latest of all packets:
{"lateMs": [...], "worstLateMs": ...}.
"""
import array
import json
import math
import os
import select
import socket
import struct
import sys
import time

RATE, CHANNELS, PERIOD_S, BEEP_MS, BEEP_HZ = 48_000, 6, 2, 50, 1_000
PACKET_FRAMES = 240
PACKET_NS = PACKET_FRAMES * 1_000_000_000 // RATE
PACKETS = RATE * PERIOD_S // PACKET_FRAMES


def packets():
    samples = array.array("h")
    for frame in range(RATE * PERIOD_S):
        sounds = frame < RATE * BEEP_MS // 1_000
        sample = round(16_000 * math.sin(2 * math.pi * BEEP_HZ * frame / RATE)) if sounds else 0
        samples.extend([sample] * CHANNELS)
    samples.byteswap()
    whole, size = samples.tobytes(), PACKET_FRAMES * CHANNELS * 2
    return [whole[i * size : (i + 1) * size] for i in range(PACKETS)]


def main():
    target = ("127.0.0.1", int(sys.argv[1]))
    loop = packets()
    sender = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    number = (time.monotonic_ns() // PACKET_NS // PACKETS + 1) * PACKETS
    late_ms, worst_late_ms = [], 0
    try:
        # An audio interface does not wait for a processor.
        os.sched_setscheduler(0, os.SCHED_FIFO, os.sched_param(10))
    except PermissionError:
        pass
    print(json.dumps({"ready": True}), flush=True)
    while True:
        due = number * PACKET_NS
        left = due - time.monotonic_ns()
        if left > 0:
            time.sleep(left / 1e9)
        place = number % PACKETS
        header = struct.pack("!BBHII", 0x80, 97, number & 0xFFFF, number * PACKET_FRAMES & 0xFFFFFFFF, 1)
        sender.sendto(header + loop[place], target)
        late = (time.monotonic_ns() - due) / 1e6
        worst_late_ms = max(worst_late_ms, late)
        if place == 0:
            late_ms.append(late)
            if select.select([sys.stdin], [], [], 0)[0]:
                break
        number += 1
    print(json.dumps({"lateMs": late_ms, "worstLateMs": worst_late_ms}), flush=True)


main()
