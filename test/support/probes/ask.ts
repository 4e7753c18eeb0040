/**
 * Probes of scripted servers on the loopback, under example host names.
 */
import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import type { Test } from 'tap'
import type { Network, Probe, ServerToProbe } from '../../../src/probes/probe.ts'
import { probeServer } from '../../../src/probes/probe-server.ts'
import { type Issued, type IssueOptions, issue } from '../certificates.ts'
import { type MailScriptOptions, mailScript } from './mail-script.ts'
import { type Script, startScriptedServer } from './scripted-server.ts'

export const host = 'mail.example.com'
/** The authority that probes trust in addition to the public ones. */
export const root = issue('Known Root', { ca: true })

export function certificate(options: IssueOptions = {}): Issued {
  return issue(host, { issuer: root, hosts: [host], ...options })
}

const usual = certificate()

export interface ProbeOptions extends Partial<ServerToProbe>, Partial<Network> {
  readonly password?: string
}

export interface ScriptedProbe {
  readonly probe: Probe
  readonly received: readonly string[]
}

/** Probes a scripted server, as if it were advertised for IMAP with TLS. */
export async function ask(t: Test, script: Script, options: ProbeOptions = {}): Promise<ScriptedProbe> {
  const { port, received, close } = await startScriptedServer(script)
  t.teardown(close)
  return { probe: await askPort(port, options), received }
}

/** Probes a mail server that is healthy, except for the given options. */
export function askMail(t: Test, mail: MailScriptOptions, options: ProbeOptions = {}): Promise<ScriptedProbe> {
  const { protocol = 'imap', security = 'tls' } = options
  const script = mailScript(protocol, { certificates: [usual], implicitTls: security === 'tls', ...mail })
  return ask(t, script, options)
}

export function askPort(port: number, options: ProbeOptions = {}): Promise<Probe> {
  const {
    ca = root.pem,
    timeoutMs = 10_000,
    now = Date.now,
    connect = (_host, port) => connectHere(port),
    password,
    ...server
  } = options
  return probeServer(
    { protocol: 'imap', host, port, security: 'tls', authentication: ['password'], ...server },
    { ca, timeoutMs, now, connect },
    password
  )
}

export function rulesOf({ faults }: Probe): string[] {
  return faults.map(({ rule }) => rule)
}

export async function connectHere(port: number): Promise<Socket> {
  const socket = connect(port, '127.0.0.1')
  await once(socket, 'connect')
  // Why: a test may start servers that the probe does not use.
  socket.on('error', () => {})
  return socket
}
