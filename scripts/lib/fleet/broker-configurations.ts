/** The configurations of `hardware/fleet` for brokers on this machine, and the same without TLS and rights. */
import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'

export const LOOPBACK = '127.0.0.1'
const CONFIGURATIONS = join(import.meta.dirname, '../../../hardware/fleet')
/** What Mosquitto knows of certificates and rights. */
const SECURITY =
  /^(cafile|certfile|keyfile|crlfile|require_certificate|tls_version|use_\w+|allow_anonymous|acl_file) .*\n/gm

/** Nodes of a cluster have certificates of an authority of their own, made as an administrator would. */
export const makeNodeCertificate = (dir: string): void => {
  const openssl = (...words: string[]) => execFileSync('openssl', words, { cwd: dir, stdio: 'ignore' })
  const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes']
  openssl('req', '-x509', ...key, '-days', '30', '-keyout', 'nodes-key.pem', '-out', 'nodes.pem', '-subj', '/CN=nodes')
  const names = ['-addext', 'subjectAltName=DNS:localhost,IP:127.0.0.1']
  openssl('req', ...key, '-keyout', 'node-key.pem', '-out', 'node.csr', '-subj', '/CN=node', ...names)
  const by = ['-CA', 'nodes.pem', '-CAkey', 'nodes-key.pem', '-CAcreateserial', '-days', '30']
  openssl('x509', '-req', '-in', 'node.csr', ...by, '-copy_extensions', 'copy', '-out', 'node.pem')
}

/** @param isPlain without TLS and without rights: everybody may say and hear everything */
export const mosquittoConfig = (dir: string, port: number, isPlain: boolean): string => {
  const shipped = readFileSync(join(CONFIGURATIONS, 'mosquitto/mosquitto.conf'), 'utf8')
  const text = isPlain ? `${shipped.replaceAll(SECURITY, '')}allow_anonymous true\n` : shipped
  return `user root\n${text}`
    .replace('listener 8883 0.0.0.0', `listener ${port} ${LOOPBACK}\n`)
    .replaceAll(/\/(etc|var\/lib)\/verbatim-fleet\//g, `${dir}/`)
}

export interface NatsPorts {
  mqtt: number
  route: number
  client: number
}

/** @param isPlain clients without TLS and without rights; nodes speak TLS to each other all the same */
export const natsConfig = (dir: string, node: number, ports: NatsPorts, isPlain: boolean): string => {
  const shipped = readFileSync(join(CONFIGURATIONS, 'nats/nats.conf'), 'utf8')
  const text = isPlain
    ? shipped.replace(/ +tls \{[^}]*verify_and_map[^}]*\}\n/, '').replace('include "users.conf"', '')
    : shipped.replace('include "users.conf"', 'include "broker/users.conf"')
  return text
    .replace('0.0.0.0:8883', `${LOOPBACK}:${ports.mqtt}`)
    .replace('0.0.0.0:6222', `${LOOPBACK}:${ports.route}`)
    .replace('127.0.0.1:4222', `${LOOPBACK}:${ports.client}`)
    .replace('/var/lib/nats/jetstream', join(dir, `jetstream-${node}`))
    .replaceAll('/etc/verbatim-fleet/', `${dir}/`)
}
