/**
 * An ATmega328P with a program in it: avr8js, mended where it departs from the real part in a way that the firmware
 * notices. It has no clock of its own: `run` moves it on in time.
 */
import {
  AVRClock,
  AVREEPROM,
  AVRIOPort,
  AVRTimer,
  AVRUSART,
  AVRWatchdog,
  avrInstruction,
  CPU,
  type EEPROMBackend,
  PinState,
  portBConfig,
  portDConfig,
  timer1Config,
  timer2Config,
  usart0Config,
  watchdogConfig,
} from 'avr8js'

const HZ = 16_000_000
export const CYCLES_PER_MS = HZ / 1_000
const RAM_AT = 0x100
const RAM_BYTES = 2_048
const MCUSR = 0x54
const SMCR = 0x53
const SREG = 0x5f
const UCSR0A = 0xc0
const UCSR0B = 0xc1
const RXC = 0x80
const RXEN = 0x10
const SLEEP_ENABLED = 0x01
const SEI = 0x9478
const SLEEP = 0x9588
const JUMP_TO_ITSELF = 0xcfff

/** What a reset came from, as the chip's MCUSR tells; some bootloaders clear it. */
export const RESET_CAUSE = { hidden: 0, power: 1, external: 2, brownout: 4, watchdog: 8 } as const
export type ResetCause = keyof typeof RESET_CAUSE

export type PortName = 'B' | 'D'

export interface ChipEvents {
  /** The chip has sent a byte. */
  onByte: (byte: number) => void
  /** Some pin of this port may have another level, or direction. */
  onPort: (port: PortName) => void
  /** The chip has begun anew. */
  onReset: (cause: ResetCause) => void
}

/** Memory after power-up holds noise, and the same noise each time so that tests repeat. */
const noise = (): Uint8Array => {
  const ram = new Uint8Array(RAM_BYTES)
  let x = 0x2545f491
  for (let i = 0; i < ram.length; i++) {
    x ^= x << 13
    x ^= x >>> 17
    x ^= x << 5
    ram[i] = x
  }
  return ram
}

export class Chip {
  #cpu!: CPU
  #usart!: AVRUSART
  #ports!: Record<PortName, AVRIOPort>
  /** Where the program sleeps, or -1. */
  #sleepsAt = -1
  #isBitten = false
  #incoming: number[] = []

  constructor(
    private readonly flash: Uint16Array,
    private readonly eeprom: EEPROMBackend,
    private readonly events: ChipEvents,
  ) {
    this.#begin('power', noise(), 0)
  }

  /** Since power was switched on for the first time. */
  get cycles(): number {
    return this.#cpu.cycles
  }

  /** From the end of what the program keeps, untouched since power came. */
  unusedBytes(from: number): number {
    const { data } = this.#cpu
    const fresh = noise()
    let at = from
    while (at < data.length && data[at] === fresh[at - RAM_AT]) at++
    return at - from
  }

  /** Cuts the power and gives it back. */
  powerCycle(cause: ResetCause = 'power'): void {
    this.#begin(cause, noise(), this.cycles)
  }

  /** Pulls the reset line, as opening the port does; memory is kept. */
  reset(cause: ResetCause = 'external'): void {
    this.#begin(cause, this.#cpu.data.slice(RAM_AT, RAM_AT + RAM_BYTES), this.cycles)
  }

  /** The program runs in a circle, with interrupts off, wherever it was. Only the watchdog helps. */
  hang(): void {
    const free = this.flash.lastIndexOf(0xffff)
    this.flash[free] = JUMP_TO_ITSELF
    this.#cpu.pc = free
    this.#cpu.data[SREG]! &= 0x7f
    this.#sleepsAt = -1
  }

  /** Bytes on their way to the chip, at the speed of the line. */
  receive(bytes: Iterable<number>): void {
    for (const byte of bytes) this.#incoming.push(byte)
    this.#pump()
  }

  isHigh(port: PortName, bit: number): boolean {
    return this.#ports[port].pinState(bit) === PinState.High
  }

  isPulledUp(port: PortName, bit: number): boolean {
    return this.#ports[port].pinState(bit) === PinState.InputPullUp
  }

  /** What is connected to an input gives it this level. */
  drive(port: PortName, bit: number, isHigh: boolean): void {
    this.#ports[port].setPin(bit, isHigh)
  }

  run(untilCycles: number): void {
    while (this.cycles < untilCycles) {
      if (this.#sleepsAt >= 0) this.#sleepOn(untilCycles)
      else this.#stepOn(untilCycles)
      if (this.#isBitten) this.reset('watchdog')
    }
    this.#pump()
  }

  #begin(cause: ResetCause, ram: Uint8Array, cycles: number): void {
    // `cpu.reset()` leaves the peripherals as they were, so there is a new one each time.
    const cpu = new CPU(this.flash, RAM_BYTES)
    cpu.data.set(ram, RAM_AT)
    cpu.cycles = cycles
    cpu.data[MCUSR] = RESET_CAUSE[cause]
    this.#cpu = cpu
    this.#sleepsAt = -1
    this.#isBitten = false
    this.#incoming = []
    this.#ports = { B: new AVRIOPort(cpu, portBConfig), D: new AVRIOPort(cpu, portDConfig) }
    for (const config of [timer1Config, timer2Config]) new AVRTimer(cpu, config)
    new AVREEPROM(cpu, this.eeprom)
    new AVRWatchdog(cpu, watchdogConfig, new AVRClock(cpu, HZ))
    cpu.reset = () => {
      this.#isBitten = true
    }
    this.#usart = new AVRUSART(cpu, usart0Config, HZ)
    this.#keepReceivedByte()
    this.#usart.onByteTransmit = (byte) => this.events.onByte(byte)
    this.#usart.onRxComplete = () => this.#pump()
    for (const port of ['B', 'D'] as const) {
      this.#ports[port].addListener(() => this.events.onPort(port))
      this.events.onPort(port)
    }
    this.events.onReset(cause)
  }

  /** avr8js 0.21.1 drops a byte that waits whenever UCSR0B is written, which each transmission does. */
  #keepReceivedByte(): void {
    const cpu = this.#cpu
    const write = cpu.writeHooks[UCSR0B]!
    const received = (this.#usart as unknown as { RXC: Parameters<CPU['setInterruptFlag']>[0] }).RXC
    cpu.writeHooks[UCSR0B] = (value, ...rest) => {
      const waited = (cpu.data[UCSR0A]! & RXC) !== 0 && (value & RXEN) !== 0
      const done = write(value, ...rest)
      if (waited && !(cpu.data[UCSR0A]! & RXC)) cpu.setInterruptFlag(received)
      return done
    }
  }

  #pump(): void {
    while (this.#incoming.length && this.#usart.writeByte(this.#incoming[0]!)) this.#incoming.shift()
  }

  /** Until it sleeps or is reset. A million instructions a second go through here: nothing is looked up twice. */
  #stepOn(untilCycles: number): void {
    const cpu = this.#cpu
    const { progMem, data } = cpu
    while (cpu.cycles < untilCycles && !this.#isBitten) {
      const word = progMem[cpu.pc]!
      if (word === SLEEP && data[SMCR]! & SLEEP_ENABLED) {
        cpu.pc++
        cpu.cycles++
        this.#sleepsAt = cpu.pc
        this.#tick()
        return
      }
      avrInstruction(cpu)
      // The instruction after SEI runs before any interrupt: a sleep there cannot miss one.
      if (word !== SEI) cpu.tick()
    }
  }

  /** avr8js does not sleep; skipping to the next event is the same and many times faster. */
  #sleepOn(untilCycles: number): void {
    const cpu = this.#cpu
    const { nextClockEvent } = cpu as unknown as { nextClockEvent: { cycles: number } | null }
    cpu.cycles = Math.max(cpu.cycles, Math.min(nextClockEvent?.cycles ?? untilCycles, untilCycles))
    this.#tick()
  }

  /** An interrupt moves the program on, and wakes it. */
  #tick(): void {
    this.#cpu.tick()
    if (this.#cpu.pc !== this.#sleepsAt) this.#sleepsAt = -1
  }
}
