// Real mail servers for one mailbox: Dovecot for IMAP and POP3, Postfix for submission, one certificate for both.

import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import type { CertificateAuthority } from './certificate-authority.ts'
import { startDovecot } from './dovecot.ts'
import { AUTHENTICATION_SOCKET, preparePostfix, queueDirectory, startPostfix } from './postfix.ts'
import type { RunningProgram } from './program.ts'
import { type SystemUser, systemUser } from './system-user.ts'

export interface Mailbox {
  address: string
  password: string
  owner: SystemUser
  home: string
}

export interface MailServersOptions {
  hosts: string[]
  /** The only ports that are open. */
  ports: number[]
  address: string
  password: string
}

const SUBMISSION_PORTS = [465, 587]

export async function startMailServers(
  directory: string,
  authority: CertificateAuthority,
  { hosts, ports, address, password }: MailServersOptions
): Promise<RunningProgram> {
  const dovecotDirectory = join(directory, 'dovecot')
  const postfixDirectory = join(directory, 'postfix')
  await mkdir(dovecotDirectory, { recursive: true })
  await preparePostfix(postfixDirectory)

  const certificate = await authority.issue(hosts)
  const home = join(directory, 'mail', address)
  const mailbox = { address, password, owner: await systemUser('nobody'), home }
  const dovecot = await startDovecot(dovecotDirectory, {
    mailbox,
    certificate,
    ports: ports.filter(port => !SUBMISSION_PORTS.includes(port)),
    authenticationSocket: join(queueDirectory(postfixDirectory), AUTHENTICATION_SOCKET)
  })
  const postfix = await startPostfix(postfixDirectory, {
    mailbox,
    certificate,
    ports: ports.filter(port => SUBMISSION_PORTS.includes(port))
  }).catch(async error => {
    await dovecot.stop()
    throw error
  })
  return {
    async stop() {
      await postfix.stop()
      await dovecot.stop()
    }
  }
}
