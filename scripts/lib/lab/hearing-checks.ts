/** A hearing from real drivers, and what may happen in it. */
import { build } from 'esbuild'
import { STORE_PATHS } from '../../../hardware/lab/recorder.ts'
import { type Check, type Lab, must } from './lab.ts'

const RECORDED_S = 5

const workerPids = async ({ machine }: Lab): Promise<string> =>
  machine.sh("systemctl show -P MainPID 'verbatim-capture@*' | sort")

/** Asks until the journal holds an entry of this kind, and gives its wall clock. */
const entryUtc = async (lab: Lab, kind: string, afterUtcMs: number, says: string): Promise<number> => {
  for (const endMs = performance.now() + 20_000 * lab.machine.patience; performance.now() < endMs; ) {
    const entries = await lab.recorder.journal(lab.hearings.at(-1)!)
    const found = entries.find(
      (entry) => entry.kind === kind && Date.parse(entry.utc) >= afterUtcMs && JSON.stringify(entry).includes(says),
    )
    if (found) return Date.parse(found.utc)
    await lab.recorder.pause()
  }
  throw new Error(`the journal does not tell "${says}"`)
}

/** Lamps that give light all through two seconds of the machine. */
const steadilyLit = async ({ machine, panel }: Lab): Promise<string[]> => {
  let lit = [...panel.lit]
  const look = setInterval(() => {
    lit = lit.filter((lamp) => panel.lit.includes(lamp))
  }, 20)
  await machine.pass(2)
  clearInterval(look)
  return lit
}

const GUEST_NOW = 'date +%s.%N'

export const hearingChecks: readonly Check[] = [
  {
    what: 'REC pressed on the panel: ten tracks on both disks',
    needed: true,
    see: async (lab) => {
      const { machine, recorder, panel } = lab
      panel.panel.press('rec')
      const { status: begun } = await recorder.until('a hearing', 30, ({ hearing }) => hearing !== null)
      lab.hearings.push(begun.hearing!)
      await recorder.until(
        'a steady lamp',
        30,
        ({ lamp, tracks }) => lamp === 'steady' && tracks.every(({ fragments }) => fragments > 0),
      )
      await machine.pass(RECORDED_S)
      const { status } = await recorder.until('a steady lamp', 10, ({ lamp }) => lamp === 'steady')
      const lengths = status.tracks.map(({ seconds }) => seconds)
      const lit = await steadilyLit(lab)
      must(lit.includes('rec'), `lit on the panel: ${lit.join(', ') || 'nothing'}`)
      return `${status.tracks.length} tracks of ${Math.min(...lengths).toFixed(1)} to ${Math.max(...lengths).toFixed(1)} s; lit on the panel: ${lit.join(', ')}`
    },
  },
  {
    what: 'systemctl restart verbatim-recorder: capture goes on',
    see: async (lab) => {
      const before = await workerPids(lab)
      await lab.machine.sh('systemctl restart verbatim-recorder')
      const { status } = await lab.recorder.until(
        'recording again',
        60,
        ({ state, lamp }) => state === 'recording' && lamp === 'steady',
      )
      must((await workerPids(lab)) === before, 'a worker was started anew')
      const gaps = status.tracks.reduce((sum, track) => sum + track.gaps, 0)
      must(gaps === 0, `${gaps} gaps`)
      return 'the same five workers, no gap'
    },
  },
  {
    what: 'the microphones are not fetched for a second',
    see: async ({ machine, recorder }) => {
      const soundGaps = async (): Promise<number> =>
        (await recorder.status()).tracks
          .filter(({ source }) => source === 'microphones')
          .reduce((sum, { gaps }) => sum + gaps, 0)
      const before = await soundGaps()
      const held = 'verbatim-capture@microphones'
      await machine.sh(`systemctl kill -s STOP ${held}; sleep 1; systemctl kill -s CONT ${held}`)
      await machine.pass(3)
      must((await soundGaps()) === before, 'sound is missing')
      return 'the card has kept it: nothing is missing'
    },
  },
  {
    what: "a camera's worker is killed",
    see: async (lab) => {
      await lab.machine.sh('systemctl kill -s KILL verbatim-capture@witness-camera')
      const { status } = await lab.recorder.until(
        'the camera is live again',
        60,
        ({ sources, lamp }) =>
          sources.every(({ name, state, run }) => state === 'live' && (name !== 'witness-camera' || run > 1)) &&
          lamp === 'steady',
      )
      const gaps = status.tracks.filter((track) => track.gaps > 0).map(({ name }) => name)
      must(gaps.join() === 'witness-camera', `gaps: ${gaps.join(', ')}`)
      return 'started again through polkit; a gap in its track and in no other'
    },
  },
  {
    what: 'GPIO: the mains fails and comes back (onoff, sysfs)',
    see: async (lab) => {
      const { machine } = lab
      const off = Number(await machine.sh(`${GUEST_NOW}; lab-wire courtroom 0 0`)) * 1_000
      const told = await entryUtc(lab, 'power', off, 'on-battery')
      const on = Number(await machine.sh(`${GUEST_NOW}; lab-wire courtroom 0 1`)) * 1_000
      const back = await entryUtc(lab, 'power', on, '"mains"')
      return `edge to journal: lost ${((told - off) / 1_000).toFixed(2)} s, back ${((back - on) / 1_000).toFixed(2)} s`
    },
  },
  {
    what: 'GPIO: the contract suite on real lines',
    see: async ({ machine }) => {
      const inputs = [
        'mains-good',
        'battery-low',
        'disk-bay-1-fault',
        'disk-bay-2-fault',
        'case-open',
        'over-temperature',
      ]
      const lines = [...inputs, 'camera-power', 'buzzer'].map((line, i) => [line, ['workbench', i]])
      const bundle = await build({
        entryPoints: ['test/ports/gpio/gpio-contract.ts'],
        ...{ bundle: true, platform: 'node', format: 'esm', target: 'node20', external: ['onoff'], write: false },
        banner: { js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url)" },
      })
      await machine.sh('cat >/opt/verbatim/gpio-contract.js', { input: bundle.outputFiles[0]!.text })
      const { code, out, err } = await machine.try(
        `cd /opt/verbatim && GPIO_LINES='${JSON.stringify(Object.fromEntries(lines))}' GPIO_DRIVE=lab-wire GPIO_READ=lab-wire node gpio-contract.js`,
        { withinS: 120 * machine.patience },
      )
      must(code === 0, (out + err).slice(-600))
      return `${/Passed:\s+(\d+)/.exec(out)?.[1] ?? '?'} of ${/Total:\s+(\d+)/.exec(out)?.[1] ?? '?'} tests passed`
    },
  },
  {
    what: 'a disk is pulled in the hearing, and pushed in again',
    see: async ({ machine, recorder }) => {
      await machine.pullDisk('verbatim-2')
      const lost = await recorder.until('the disk is told of', 30, ({ stores }) => stores[1]!.state !== 'good')
      await machine.pass(3)
      const during = await recorder.status()
      must(during.state === 'recording', during.state)
      await machine.pushDisk('verbatim-2')
      await recorder.until(
        'the disk is good again',
        120,
        ({ stores, lamp }) => stores.every(({ state }) => state === 'good') && lamp === 'steady',
      )
      return `told (${lost.status.stores[1]!.why ?? lost.status.stores[1]!.state}), recorded on, completed`
    },
  },
  {
    what: 'STOP: closed, authentic on both disks',
    see: async (lab) => {
      const { recorder, hearings } = lab
      await recorder.press('stop')
      await recorder.until('closed', 60, ({ state }) => state === 'closed' || state === 'idle')
      return verifyBoth(lab, hearings.at(-1)!)
    },
  },
  {
    what: 'a copy on a USB stick verifies',
    see: async ({ machine, recorder, hearings }) => {
      await machine.plugStick()
      await machine.sh(
        'mkdir -p /media/stick; until [ -b /dev/disk/by-label/STICK ]; do sleep 0.2; done; mount -o uid=verbatim /dev/disk/by-label/STICK /media/stick',
      )
      const hearing = hearings.at(-1)!
      await machine.sh(
        `runuser -u verbatim -- node /opt/verbatim/dist/verbatim.js copy ${STORE_PATHS[0]}/${hearing} /media/stick/copy`,
      )
      const { verdict } = await recorder.verify('/media/stick/copy')
      must(verdict.startsWith('authentic'), verdict)
      await machine.sh('umount /media/stick')
      await machine.pullStick()
      return verdict
    },
  },
]

/** Throws unless both copies are what was recorded. */
export const verifyBoth = async ({ recorder }: Lab, hearing: string): Promise<string> => {
  const verdicts: string[] = []
  for (const store of STORE_PATHS) {
    const { verdict, findings } = await recorder.verify(`${store}/${hearing}`)
    must(verdict.startsWith('authentic'), `${store}: ${verdict}, ${JSON.stringify(findings).slice(0, 600)}`)
    verdicts.push(verdict)
  }
  return verdicts.join(' and ')
}
