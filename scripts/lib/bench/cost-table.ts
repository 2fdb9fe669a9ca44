import type { Contender } from './cost.ts'
import type { Usage } from './meter.ts'
import type { PartResult } from './part.ts'
import { median, worst } from './statistics.ts'

export interface CostLine {
  name: string
  peer: boolean
  folders: number
  /** Processor seconds in a second of recording: the median of the rounds, and each. */
  cpu: number
  cpuOfRounds: number[]
  peakPssMb: number
  peakRssMb: number
  rounds: Usage[]
}

const lineOf = ({ name, peer, folders }: Contender, rounds: Usage[]): CostLine => {
  const cpuOfRounds = rounds.map(({ cpuSeconds, seconds }) => cpuSeconds / seconds)
  return {
    ...{ name, peer, folders, cpu: median(cpuOfRounds), cpuOfRounds },
    peakPssMb: worst(rounds.map(({ peakPssMb }) => peakPssMb)),
    peakRssMb: worst(rounds.map(({ peakRssMb }) => peakRssMb)),
    rounds,
  }
}

export const costTable = (found: ReadonlyMap<Contender, Usage[]>): PartResult => {
  const lines = [...found].map(([contender, rounds]) => lineOf(contender, rounds))
  const recorder = lines.find(({ peer }) => !peer)!
  const leanest = (folders: number): CostLine =>
    lines.filter((line) => line.peer && line.folders === folders).reduce((a, b) => (b.cpu < a.cpu ? b : a))
  const ratios = [1, 2].map((folders) => {
    const peer = leanest(folders)
    return { folders, leanerPeer: peer.name, ratio: recorder.cpu / peer.cpu }
  })
  const measured = Math.round(recorder.rounds[0]!.seconds)
  const row = (line: CostLine): string[] => [
    line.name,
    String(line.folders),
    String(line.rounds.at(-1)!.processes),
    (line.cpu * 60).toFixed(2),
    line.cpuOfRounds.map((cpu) => (cpu * 60).toFixed(1)).join(' '),
    (recorder.cpu / line.cpu).toFixed(2),
    line.peakPssMb.toFixed(0),
    line.peakRssMb.toFixed(0),
  ]
  return {
    tables: [
      {
        title: 'Cost of recording 4 cameras and 6 microphones',
        head: ['who', 'folders', 'processes', 'CPU s/min', 'each round', 'verbatim is', 'PSS MB', 'RSS MB'],
        rows: lines.map(row),
        notes: [
          ...ratios.map(
            ({ folders, leanerPeer, ratio }) =>
              `beside the leaner peer with ${folders === 1 ? 'one folder' : 'two folders'}, ${leanerPeer}: ${ratio.toFixed(2)} times its CPU (aim: at most 1.5)`,
          ),
          `memory of everything together ${recorder.peakPssMb.toFixed(0)} MB (aim: below 700); the RTSP server is nobody's`,
          `${measured} s each, from 5 s after the start; verbatim hashes, synchronises and watches, the peers do not`,
          'each recording was proved: verbatim by its own check, the peers by counting packets',
        ],
      },
    ],
    figures: { ratios, lines },
  }
}
