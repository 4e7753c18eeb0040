// A real Postfix with private configuration and queue: submission with a password for one mailbox, nothing else.

import { chown, mkdir, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { Certificate } from './certificate-authority.ts'
import type { Mailbox } from './mail-servers.ts'
import { WORLD_ADDRESS } from './namespace.ts'
import { type RunningProgram, start } from './program.ts'
import { systemUser } from './system-user.ts'

export interface PostfixOptions {
  mailbox: Mailbox
  certificate: Certificate
  /** The open ports among 465 (TLS from the first byte) and 587 (STARTTLS). */
  ports: number[]
}

/** Path below Postfix's queue of the socket where Dovecot checks passwords. */
export const AUTHENTICATION_SOCKET = 'private/auth'

export const queueDirectory = (directory: string): string => join(directory, 'spool')

const QUEUES = [
  'active',
  'bounce',
  'corrupt',
  'defer',
  'deferred',
  'flush',
  'hold',
  'incoming',
  'maildrop',
  'saved',
  'trace'
]
const SOCKETS = ['private', 'public']

/** The folders must exist before Dovecot starts, which creates its socket in one of them. */
export async function preparePostfix(directory: string): Promise<void> {
  const postfix = await systemUser('postfix')
  const queue = queueDirectory(directory)
  await mkdir(join(directory, 'etc'), { recursive: true })
  await mkdir(join(queue, 'pid'), { recursive: true })
  // Observed: Postfix 3.7 refuses private/ and its data unless they belong to its own user.
  for (const folder of [...[...QUEUES, ...SOCKETS].map(name => join(queue, name)), join(directory, 'data')]) {
    await mkdir(folder)
    await chown(folder, postfix.uid, postfix.gid)
  }
}

export async function startPostfix(directory: string, options: PostfixOptions): Promise<RunningProgram> {
  const configuration = join(directory, 'etc')
  await writeFile(join(configuration, 'main.cf'), mainCf(directory, options))
  await writeFile(join(configuration, 'master.cf'), masterCf(options.ports))

  // Why not `postfix start-fg`: it spends seconds on checks and leaves the process group.
  return start('/usr/lib/postfix/sbin/master', ['-d', '-c', configuration], {
    log: join(directory, 'postfix.log'),
    ready: options.ports.map(port => ({ host: WORLD_ADDRESS, port }))
  })
}

function mainCf(directory: string, { mailbox, certificate }: PostfixOptions): string {
  const [, domain] = mailbox.address.split('@')
  return `
compatibility_level = 3.6
queue_directory = ${queueDirectory(directory)}
data_directory = ${directory}/data
command_directory = /usr/sbin
daemon_directory = /usr/lib/postfix/sbin
maillog_file = ${directory}/maillog
maillog_file_prefixes = ${directory}
myhostname = smtp.${domain}
inet_interfaces = ${WORLD_ADDRESS}
inet_protocols = ipv4
mydestination =
alias_maps =
alias_database =
local_recipient_maps =
default_transport = error:no mail leaves this test
virtual_mailbox_domains = ${domain}
virtual_mailbox_base = ${dirname(mailbox.home)}
virtual_mailbox_maps = inline:{ {${mailbox.address} = ${mailbox.address}/Maildir/} }
virtual_uid_maps = static:${mailbox.owner.uid}
virtual_gid_maps = static:${mailbox.owner.gid}
virtual_minimum_uid = 1
smtpd_tls_cert_file = ${certificate.chain}
smtpd_tls_key_file = ${certificate.key}
smtpd_tls_security_level = encrypt
smtpd_tls_auth_only = yes
smtpd_sasl_auth_enable = yes
smtpd_sasl_type = dovecot
smtpd_sasl_path = ${AUTHENTICATION_SOCKET}
smtpd_relay_restrictions = permit_sasl_authenticated, reject
smtpd_recipient_restrictions = permit_sasl_authenticated, reject
`
}

function masterCf(ports: number[]): string {
  const implicitTls = (port: number) => (port === 465 ? ' -o smtpd_tls_wrappermode=yes' : '')
  return `
${ports.map(port => `${port} inet n - n - - smtpd${implicitTls(port)}`).join('\n')}
pickup unix n - n 60 1 pickup
cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
tlsmgr unix - - n 1000? 1 tlsmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
error unix - - n - - error
virtual unix - n n - - virtual
anvil unix - - n - 1 anvil
proxymap unix - - n - - proxymap
postlog unix-dgram n - n - 1 postlogd
`
}
