// A real Dovecot with a private configuration: IMAP, POP3 and ManageSieve for one mailbox, and the password check for Postfix.

import { chown, mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Certificate } from './certificate-authority.ts'
import type { Mailbox } from './mail-servers.ts'
import { WORLD_ADDRESS } from './namespace.ts'
import { type RunningProgram, start } from './program.ts'

const SIEVE_PORT = 4190
const MANAGESIEVE = `
service managesieve-login {
  inet_listener sieve {
    port = ${SIEVE_PORT}
  }
}
`

export interface DovecotOptions {
  mailbox: Mailbox
  certificate: Certificate
  /** The open ports among 143, 993, 110, 995 and 4190. */
  ports: number[]
  /** Socket through which Postfix checks passwords. */
  authenticationSocket: string
}

export async function startDovecot(directory: string, options: DovecotOptions): Promise<RunningProgram> {
  const { address, password, owner, home } = options.mailbox
  await mkdir(home, { recursive: true })
  await chown(home, owner.uid, owner.gid)
  const users = join(directory, 'users')
  const configuration = join(directory, 'dovecot.conf')
  await writeFile(users, `${address}:{PLAIN}${password}:${owner.uid}:${owner.gid}::${home}\n`)
  await writeFile(configuration, configure(directory, users, options))

  return start('dovecot', ['-F', '-c', configuration], {
    log: join(directory, 'dovecot.log'),
    ready: options.ports.map(port => ({ host: WORLD_ADDRESS, port }))
  })
}

function configure(directory: string, users: string, options: DovecotOptions): string {
  const open = (port: number) => (options.ports.includes(port) ? port : 0)
  return `
protocols = imap pop3${options.ports.includes(SIEVE_PORT) ? ' sieve' : ''}
listen = ${WORLD_ADDRESS}
base_dir = ${directory}/run
state_dir = ${directory}/run
log_path = /dev/stderr
ssl = required
ssl_cert = <${options.certificate.chain}
ssl_key = <${options.certificate.key}
auth_mechanisms = plain login
auth_failure_delay = 0
mail_location = maildir:~/Maildir
first_valid_uid = 1
last_valid_uid = 0
first_valid_gid = 1
passdb {
  driver = passwd-file
  args = ${users}
}
userdb {
  driver = passwd-file
  args = ${users}
}
namespace inbox {
  inbox = yes
}
service imap-login {
  inet_listener imap {
    port = ${open(143)}
  }
  inet_listener imaps {
    port = ${open(993)}
  }
}
service pop3-login {
  inet_listener pop3 {
    port = ${open(110)}
  }
  inet_listener pop3s {
    port = ${open(995)}
  }
}
${options.ports.includes(SIEVE_PORT) ? MANAGESIEVE : ''}
service auth {
  unix_listener ${options.authenticationSocket} {
    mode = 0660
    user = postfix
    group = postfix
  }
}
service anvil {
  unix_listener anvil-auth-penalty {
    mode = 0
  }
}
service stats {
  chroot =
}
`
}
