/**
 * A candidate of FairEmail's: both servers and what the user name is.
 */
export interface Candidate extends Servers {
  readonly user: User
  readonly score: number
  readonly from: string
}

export interface Servers {
  readonly imap: Server
  readonly smtp: Server
}

export interface Server {
  readonly host: string
  readonly port: number
  readonly starttls: boolean
}

/** Observed: M66B/FairEmail e23dd9d, EmailProvider.java: UserType; `literal` is kept where a placeholder follows it. */
export interface User {
  readonly type: 'EMAIL' | 'LOCAL' | 'VALUE'
  readonly literal: string
}

export const noServer: Server = { host: '', port: 0, starttls: false }

/** Observed: …/EmailProvider.java: getISPDB, getMSAutodiscovery, fromDNS: what a port says of STARTTLS. */
export function isStarttlsPort(protocol: keyof Servers, port: number): boolean {
  return port === (protocol === 'imap' ? 143 : 587)
}

/** Observed: …/EmailProvider.java: validate: both sides or nothing. */
export function isValid({ imap, smtp }: Servers): boolean {
  return imap.host !== '' && imap.port > 0 && smtp.host !== '' && smtp.port > 0
}
