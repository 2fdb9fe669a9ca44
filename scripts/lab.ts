/** Boots the lab's machine and looks at what works in it; `scripts/lab` has built everything before. */
import { readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { messageOf } from '../controller/base/error.ts'
import { type Accelerator, chooseAccelerator } from '../hardware/lab/accelerator.ts'
import { Machine } from '../hardware/lab/machine.ts'
import { PanelOnMachine } from '../hardware/lab/panel-on-machine.ts'
import { LabRecorder } from '../hardware/lab/recorder.ts'
import { cutOnce, lossText, MOST_LOST_MS, worstOf } from './lib/lab/cut.ts'
import { endChecks } from './lib/lab/end-checks.ts'
import { hearingChecks } from './lib/lab/hearing-checks.ts'
import type { Lab } from './lib/lab/lab.ts'
import { type LabOptions, readLabOptions } from './lib/lab/options.ts'
import { lossTable, type Seen, seenTable } from './lib/lab/report.ts'
import { roomChecks } from './lib/lab/room-checks.ts'

const EXIT = { well: 0, failed: 1, usage: 2 }

const image = process.env.VERBATIM_LAB!
const fromMs = performance.now()
const say = (line: string): void =>
  console.error(`${((performance.now() - fromMs) / 1_000).toFixed(0).padStart(5)} s  ${line}`)

/** Number of the recorder's user in the machine. */
const ownerOf = (tree: string): { uid: number; gid: number } => {
  const [, , uid, gid] = /^verbatim:.*$/m.exec(readFileSync(join(tree, 'etc/passwd'), 'utf8'))![0].split(':')
  return { uid: Number(uid), gid: Number(gid) }
}

const accelerate = async ({ ownClock }: LabOptions): Promise<{ accelerator: Accelerator; why: string }> => {
  if (ownClock) return { accelerator: 'tcg-own-clock', why: 'emulated, with a clock of its own' }
  return chooseAccelerator({ kernel: `${image}/vmlinuz`, initrd: `${image}/initrd.img` }, image)
}

const rehearse = async (lab: Lab, boot: Seen): Promise<boolean> => {
  const seen = [boot]
  let isLost = false
  for (const { what, see, needed } of [...roomChecks, ...hearingChecks, ...endChecks]) {
    if (isLost) {
      seen.push({ what, result: 'not tried', detail: '' })
      continue
    }
    say(`${what} ...`)
    try {
      seen.push({ what, result: 'ok', detail: await see(lab) })
    } catch (fault) {
      seen.push({ what, result: 'FAILED', detail: messageOf(fault) })
      isLost = needed === true
    }
    say(`  ${seen.at(-1)!.result}: ${seen.at(-1)!.detail}`)
  }
  console.log(`What was seen to work\n\n${seenTable(seen)}`)
  return seen.every(({ result }) => result === 'ok')
}

const cutOften = async (lab: Lab, count: number): Promise<boolean> => {
  const losses = []
  const unproven: string[] = []
  for (let number = 1; number <= count; number++)
    try {
      const cut = await cutOnce(lab, number)
      losses.push(...cut.losses)
      say(
        `cut ${number}/${count} after ${cut.seconds.toFixed(1)} s: worst loss ${lossText(worstOf(cut.losses))}, ${cut.verdict}`,
      )
    } catch (fault) {
      unproven.push(`cut ${number}, ${lab.hearings.at(-1)}: ${messageOf(fault)}`)
      say(`cut ${number}/${count} FAILED: ${messageOf(fault)}`)
      if (!lab.machine.isOn) await lab.machine.powerOn()
    }
  console.log(`Power cuts at random instants of a hearing, disks with a volatile write cache\n\n${lossTable(losses)}\n`)
  console.log(`${count - unproven.length} of ${count} hearings verify on both disks`)
  for (const line of unproven) console.log(`  ${line}`)
  return unproven.length === 0 && worstOf(losses).lostMs <= MOST_LOST_MS
}

const main = async (): Promise<number> => {
  let options: LabOptions
  try {
    options = readLabOptions(process.argv.slice(2))
  } catch (fault) {
    console.error(`${messageOf(fault)}\nscripts/lab --help says more.`)
    return EXIT.usage
  }
  const { accelerator, why } = await accelerate(options)
  // A socket's path holds 107 bytes.
  const folder = join(tmpdir(), `verbatim-lab-${process.pid}`)
  const machine = new Machine({ accelerator, image, folder, owner: ownerOf(join(image, 'tree')) })
  process.on('exit', () => machine.killNow())
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => process.exit(130))
  say(`the machine boots (${why}); its console is ${folder}/console.log`)
  const bootSeconds = await machine.powerOn()
  const lab: Lab = {
    machine,
    recorder: new LabRecorder(machine),
    panel: new PanelOnMachine(machine),
    hearings: [],
    say,
  }
  const boot: Seen = { what: "Debian's own kernel boots", result: 'ok', detail: `${why}; ${bootSeconds.toFixed(0)} s` }
  say(`  ok: ${boot.detail}`)
  const well = await (options.cuts === null ? rehearse(lab, boot) : cutOften(lab, options.cuts))
  lab.panel.end()
  if (options.keep) say(`left: ${folder}`)
  else await machine.destroy()
  return well ? EXIT.well : EXIT.failed
}

process.exit(await main())
