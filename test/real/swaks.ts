// swaks as a mail program: submits a message to an outgoing server exactly as Thunderbird was told to.

import { type Outcome, run } from './program.ts'
import type { MailServer } from './thunderbird.ts'

/** What swaks exits with when the server refuses the log-in. */
export const SWAKS_AUTHENTICATION_FAILED = 28

/** Sends a message with this subject from the user to himself. */
export function submitMail(
  server: MailServer,
  password: string,
  { subject, trustedRoot }: { subject: string; trustedRoot: string }
): Promise<Outcome> {
  const implicitTls = server.security === 'SSL'
  return run('swaks', [
    ...['--server', server.hostname, '--port', String(server.port), '--timeout', '20'],
    implicitTls ? '--tls-on-connect' : '--tls',
    ...['--tls-verify', '--tls-ca-path', trustedRoot],
    ...['--auth', 'PLAIN', '--auth-user', server.username, '--auth-password', password],
    ...['--from', server.username, '--to', server.username, '--header', `Subject: ${subject}`]
  ])
}
