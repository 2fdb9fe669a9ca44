/** A PKCS#11 token in software (SoftHSM), and tools that misbehave in place of OpenSC's. */
import { execFileSync } from 'node:child_process'
import { chmodSync, existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { TokenConfig } from '../../controller/ports/identity/token-key.ts'

export const PIN = '1234'
const MODULES = ['/usr/lib/softhsm/libsofthsm2.so', '/usr/lib64/libsofthsm2.so']
const { PATH } = process.env

const run = (program: string, ...words: string[]): void => {
  execFileSync(program, words, { stdio: 'ignore' })
}

/** Why there is no token to be had here; null when there is. */
export const noTokens = (): string | null => {
  if (!MODULES.some((path) => existsSync(path))) return 'no softhsm2'
  return existsSync('/usr/bin/pkcs11-tool') ? null : 'no opensc'
}

/** Makes a token in `dir` whose second key is called `device`; this process and its children know it. */
export const makeToken = (dir: string): TokenConfig => {
  const module = MODULES.find((path) => existsSync(path))!
  mkdirSync(join(dir, 'tokens'))
  writeFileSync(join(dir, 'softhsm2.conf'), `directories.tokendir = ${join(dir, 'tokens')}\n`)
  process.env.SOFTHSM2_CONF = join(dir, 'softhsm2.conf')
  run('softhsm2-util', '--init-token', '--free', '--label', 'court', '--pin', PIN, '--so-pin', '567890')
  // The key that is meant is not the first one.
  for (const [label, id] of [
    ['another', '01'],
    ['device', '02'],
  ] as const) {
    const at = ['--module', module, '--token-label', 'court', '--login', '--pin', PIN]
    run('pkcs11-tool', ...at, '--keypairgen', '--key-type', 'EC:edwards25519', '--label', label, '--id', id)
  }
  const pinFile = join(dir, 'pin')
  writeFileSync(pinFile, `${PIN}\n`)
  mkdirSync(join(dir, 'bin'))
  process.env.PATH = `${join(dir, 'bin')}:${PATH}`
  return { kind: 'pkcs11', module, tokenLabel: 'court', keyLabel: 'device', pinFile }
}

/** What is found on the path in place of OpenSC's tool from now on; each call adds a line to `calls`. */
export const replaceTool = (dir: string, script: string): void => {
  const file = join(dir, 'bin/pkcs11-tool')
  rmSync(file, { force: true })
  writeFileSync(file, `#!/bin/sh\necho call >> ${join(dir, 'calls')}\n${script}\n`)
  chmodSync(file, 0o755)
}

export const restoreTool = (dir: string): void => rmSync(join(dir, 'bin/pkcs11-tool'), { force: true })
