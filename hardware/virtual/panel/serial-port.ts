/** Gives the virtual panel a serial port that any program can open by its path. */
import { type ChildProcess, spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import type { VirtualPanel } from './virtual-panel.ts'

const PTY = fileURLToPath(new URL('pty.py', import.meta.url))
const APPEARS_WITHIN_MS = 10_000

export interface VirtualPort {
  path: string
  /** Pulls the cable: the port is gone. */
  unplug: () => Promise<void>
}

/** @param path of the port; what is there is replaced */
export const plugIn = async (panel: VirtualPanel, path: string): Promise<VirtualPort> => {
  const child = spawn('/usr/bin/python3', [PTY, path], { stdio: ['pipe', 'pipe', 'inherit'] })
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()))
  // The cable may be pulled at any moment, also while bytes are on it.
  child.stdin.on('error', () => {})
  child.stdout.on('data', (bytes: Buffer) => panel.receive(bytes))
  panel.onBytes = (bytes) => {
    if (child.stdin.writable) child.stdin.write(bytes)
  }
  await appearance(path, child)
  return {
    path,
    unplug: async () => {
      child.kill()
      await ended
    },
  }
}

const appearance = async (path: string, child: ChildProcess): Promise<void> => {
  const endMs = performance.now() + APPEARS_WITHIN_MS
  while (!existsSync(path)) {
    if (child.exitCode !== null || performance.now() > endMs) throw new Error(`no serial port appears at ${path}`)
    await sleep(20)
  }
}
