// Horde's own library for autoconfiguration, run by PHP.

import { spawn } from 'node:child_process'
import { createInterface } from 'node:readline'

export interface Horde {
  /** Searches for settings and logs in to the servers that it finds. */
  readonly discover: (address: string, password: string) => Promise<HordeAccount>
  readonly stop: () => void
}

export interface HordeAccount {
  readonly incoming: HordeServer | null
  readonly outgoing: HordeServer | null
  /** Names of the drivers that found servers, in order: Srv, Thunderbird, Guess. */
  readonly drivers: readonly string[]
}

export interface HordeServer {
  readonly type: 'imap' | 'pop3' | 'msa'
  readonly host: string
  readonly port: number
  readonly tls: 'tls' | 'starttls' | false
  /** The login name that it used. */
  readonly username: string
}

/** @param root path of the certificate of the only authority that it trusts, PEM */
export async function openHorde(root: string): Promise<Horde> {
  const php = spawn('php', ['test/real/models/horde/autoconfig.php'], {
    env: { ...process.env, SSL_CERT_FILE: root },
    stdio: ['pipe', 'pipe', 'inherit']
  })
  const lines = createInterface(php.stdout)[Symbol.asyncIterator]()
  return {
    async discover(address, password) {
      php.stdin.write(`${JSON.stringify({ address, password })}\n`)
      const { value, done } = await lines.next()
      if (done === true) throw new Error('PHP has ended')
      return JSON.parse(value)
    },
    stop: () => php.stdin.end()
  }
}
