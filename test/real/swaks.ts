// swaks as a mail program: submits a message to an outgoing server with Thunderbird's settings.

import { type Outcome, run } from './program.ts'
import type { MailServer } from './thunderbird.ts'

/** Exit code of swaks if the server refuses the login. */
export const SWAKS_AUTHENTICATION_FAILED = 28

/** Sends a message with this subject from the user to the same user. */
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
