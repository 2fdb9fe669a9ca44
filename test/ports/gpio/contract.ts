/**
 * What every driver of a board keeps, whatever its lines are made of. `scripts/test` runs it on the virtual board; on real
 * lines of /sys/class/gpio it is run by gpio-contract.ts.
 */
import { setTimeout as sleep } from 'node:timers/promises'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import type { BoardInput, BoardOutput } from '../../../controller/wire/board.ts'
import { HeardBoard } from '../../builders/board.ts'
import { until } from '../../stories/stage/until.ts'

/** A board with somebody at the other end of its wires. */
export interface Bench {
  profile: string
  runtimeDir: string
  debounceMs: number
  inputs: readonly BoardInput[]
  outputs: readonly BoardOutput[]
  /** Puts the wire so that the line is active, or not. */
  drive: (line: BoardInput, active: boolean) => Promise<void> | void
  /** Whether an output is active, as it is seen from outside. */
  isActive: (line: BoardOutput) => Promise<boolean> | boolean
  /** Where the hardware can be pulled out. */
  unplug?: () => Promise<void> | void
  plug?: () => Promise<void> | void
  close?: () => Promise<void> | void
}

const WITHIN_S = 20

export const boardContract = (name: string, open: () => Promise<Bench>): void => {
  const on = (what: string, tell: (bench: Bench, heard: HeardBoard) => Promise<void>): void =>
    test(`${name}: ${what}`, async () => {
      const bench = await open()
      for (const line of bench.inputs) await bench.drive(line, false)
      const heard = new HeardBoard(bench.profile, { runtimeDir: bench.runtimeDir })
      try {
        await until('every line told', WITHIN_S, () => bench.inputs.every((line) => heard.line(line) === 'off'))
        await tell(bench, heard)
      } finally {
        heard.board.close()
        await bench.close?.()
      }
    })

  on('is found once, and tells every line once, before anything happens', async (bench, heard) => {
    assert.match(heard.told[0]!, /^found /)
    assert.equal(heard.told.slice(1).sort(), bench.inputs.map((line) => `${line} off`).sort())
  })

  on('tells each change of each line, and of no other', async (bench, heard) => {
    for (const line of bench.inputs)
      for (const active of [true, false]) {
        const before = heard.told.length
        await bench.drive(line, active)
        await until(`${line} ${active}`, WITHIN_S, () => heard.told.length > before)
        assert.equal(heard.told.slice(before), [`${line} ${active ? 'on' : 'off'}`])
      }
  })

  on('a line that bounces is told where it comes to rest', async (bench, heard) => {
    const [line] = bench.inputs as [BoardInput]
    for (let edge = 1; edge <= 7; edge++) await bench.drive(line, edge % 2 === 1)
    await until('at rest', WITHIN_S, () => heard.line(line) === 'on')
    await sleep(3 * bench.debounceMs)
    assert.is(heard.line(line), 'on')
    // Driving takes its time on real lines, so a level may have stayed long enough in between.
    assert.ok(heard.count(`${line} on`) <= 4, heard.told.join(', '))
  })

  on('a storm of edges is told seldom, and its end rightly', async (bench, heard) => {
    const [line] = bench.inputs as [BoardInput]
    const before = heard.told.length
    const beganMs = performance.now()
    let edges = 0
    while (performance.now() - beganMs < 20 * bench.debounceMs || edges % 2 === 0) {
      await bench.drive(line, ++edges % 2 === 1)
      if (edges % 50 === 0) await sleep(1)
    }
    await until('at rest', WITHIN_S, () => heard.line(line) === 'on')
    const tookMs = performance.now() - beganMs
    const told = heard.told.length - before
    assert.ok(told <= tookMs / bench.debounceMs + 1, `${told} words in ${tookMs} ms`)
  })

  on('sets each output, and no other', async (bench, heard) => {
    for (const line of bench.outputs) heard.board.show({ [line]: false })
    for (const line of bench.outputs)
      for (const active of [true, false]) {
        heard.board.show({ [line]: active })
        await until(`${line} ${active}`, WITHIN_S, async () => (await bench.isActive(line)) === active)
        for (const other of bench.outputs) if (other !== line) assert.is(await bench.isActive(other), false)
      }
  })

  on('a new port finds the lines as the old one left them, and takes them over', async (bench, heard) => {
    const [output] = bench.outputs
    const [line] = bench.inputs as [BoardInput]
    // As after a crash: nothing is given back.
    heard.board.close()
    await bench.drive(line, true)
    const next = new HeardBoard(bench.profile, { runtimeDir: bench.runtimeDir })
    try {
      await until('the line', WITHIN_S, () => next.line(line) === 'on')
      if (!output) return
      next.board.show({ [output]: true })
      await until('the output', WITHIN_S, () => bench.isActive(output))
    } finally {
      next.board.close()
    }
  })

  on('is lost when it is pulled out, and found when it is back, with its outputs', async (bench, heard) => {
    if (!bench.unplug || !bench.plug) return console.log(`SKIPPED  ${name}: nobody can pull it out`)
    const [output] = bench.outputs
    if (output) heard.board.show({ [output]: true })
    for (let time = 1; time <= 3; time++) {
      await bench.unplug()
      await until('lost', WITHIN_S, () => heard.count('lost') === time)
      await bench.plug()
      for (const line of bench.inputs) await bench.drive(line, time % 2 === 1)
      await until('found', WITHIN_S, () => heard.count('found') === time + 1)
      const wanted = time % 2 === 1 ? 'on' : 'off'
      await until('every line told again', WITHIN_S, () => bench.inputs.every((line) => heard.line(line) === wanted))
      if (output) await until('its output', WITHIN_S, () => bench.isActive(output))
    }
  })
}
