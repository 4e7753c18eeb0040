// curl as a mail program, which logs in to an incoming server with Thunderbird's settings, and as a web client.

import { type Outcome, run } from './program.ts'
import type { MailServer } from './thunderbird.ts'

/** Exit code of curl if the server refuses the login. */
export const CURL_LOGIN_DENIED = 67

export interface WebAnswer {
  status: number
  /** The target of a redirect, otherwise empty. */
  location: string
  body: string
}

/** Reads the first message of the mailbox. */
export function readMail(
  server: MailServer,
  password: string,
  { trustedRoot }: { trustedRoot: string }
): Promise<Outcome> {
  const implicitTls = server.security === 'SSL'
  const scheme = implicitTls ? `${server.type}s` : server.type
  const message = server.type === 'imap' ? 'INBOX;MAILINDEX=1' : '1'
  return run('curl', [
    ...quietly(trustedRoot),
    ...(implicitTls ? [] : ['--ssl-reqd']),
    ...['--user', `${server.username}:${password}`],
    `${scheme}://${server.hostname}:${server.port}/${message}`
  ])
}

export async function askWeb(url: string, trustedRoot: string): Promise<WebAnswer> {
  const { output } = await run('curl', [...quietly(trustedRoot), '--write-out', '\n%{http_code} %{redirect_url}', url])
  const end = output.lastIndexOf('\n')
  const [status, location = ''] = output.slice(end + 1).split(' ')
  return { status: Number(status), location, body: output.slice(0, end) }
}

function quietly(trustedRoot: string): string[] {
  return ['--silent', '--show-error', '--max-time', '20', '--cacert', trustedRoot]
}
