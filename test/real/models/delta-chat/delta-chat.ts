// The real core of Delta Chat, from npm. It finds settings with its own code and logs in with them.

import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { startDeltaChat } from '@deltachat/stdio-rpc-server'
import type { Login } from '../login-recorder.ts'
import { writeTrustingProgram } from './trusting-program.ts'

export interface DeltaChat {
  /**
   * Adds an account, whose servers must refuse every login, and waits until Delta Chat has tried to receive mail. Logins to send mail
   * may follow.
   */
  readonly tryAccount: (address: string, password: string) => Promise<Candidate[]>
  readonly stop: () => void
}

/** A server that Delta Chat tries. */
export type Candidate = Pick<Login, 'protocol' | 'port' | 'security'> & { readonly host: string }

/** @param root path of the certificate of an authority with the trusted name, PEM */
export async function openDeltaChat(directory: string, root: string): Promise<DeltaChat> {
  await mkdir(directory)
  const program = join(directory, 'deltachat-rpc-server')
  await writeTrustingProgram(root, program)
  process.env.DELTA_CHAT_RPC_SERVER = program
  const client = startDeltaChat(join(directory, 'accounts'), { muteStdErr: true })
  return {
    async tryAccount(addr, password) {
      const account = await client.rpc.addAccount()
      const report = Promise.withResolvers<Candidate[]>()
      client.getContextEvents(account).on('Warning', ({ msg }) => {
        const candidates = readReport(msg)
        if (candidates !== undefined) report.resolve(candidates)
      })
      const isConfigured = await client.rpc.addOrUpdateTransport(account, { ...nothingEntered, addr, password }).then(
        () => true,
        () => false
      )
      if (isConfigured) throw new Error('Delta Chat has logged in')
      return await report.promise
    },
    stop: () => client.close()
  }
}

/** What a person leaves empty in the form, so that Delta Chat searches for settings. */
const nothingEntered = {
  imapServer: null,
  imapPort: null,
  imapFolder: null,
  imapSecurity: null,
  imapUser: null,
  smtpServer: null,
  smtpPort: null,
  smtpSecurity: null,
  smtpUser: null,
  smtpPassword: null,
  certificateChecks: null,
  oauth2: null
}

/** @returns the servers in the order in which they are tried; undefined if the message is another one */
function readReport(message: string): Candidate[] | undefined {
  const [, imap, smtp] = /configure failed: .* Used params: \S+ imap:\[(.*?)\] smtp:\[(.*?)\] /s.exec(message) ?? []
  if (imap === undefined || smtp === undefined) return undefined
  const candidatesOf = (protocol: Login['protocol'], list: string) =>
    list.split(', ').map(text => ({ protocol, ...readCandidate(text) }))
  return [...candidatesOf('imap', imap), ...candidatesOf('smtp', smtp)]
}

/** @param text for example `imap.example.com:993:tls` */
function readCandidate(text: string): Omit<Candidate, 'protocol'> {
  const [, host = '', port, security] = /^(.*):(\d+):(tls|starttls|plain)$/.exec(text) ?? []
  return { host, port: Number(port), security: security === 'tls' || security === 'starttls' ? security : 'none' }
}
