/**
 * The table of error codes for docs/reference/errors.md, from src/errors.ts.
 */
import { errors, type SignpostError } from '../../../src/errors.ts'
import { code, table } from './markdown.ts'

/** Where an error appears, and its meaning. */
interface Explanation {
  /** `http`: its status. `exit`: exit code 2. `log`: the log only. */
  readonly seen: 'http' | 'exit' | 'log'
  readonly meaning: string
}

/** The type makes sure that a new error is explained here. */
const explanations: Readonly<Record<keyof typeof errors, Explanation>> = {
  badRequest: { seen: 'http', meaning: 'The request is not valid, for example an address without a domain.' },
  notFound: {
    seen: 'http',
    meaning:
      'Signpost does not serve this host, domain or path. Check `domains` in the table, and that the proxy passes the `Host` header unchanged.'
  },
  methodNotAllowed: {
    seen: 'http',
    meaning: 'The path exists but not for this method. The `Allow` header lists the methods.'
  },
  bodyTooLarge: { seen: 'http', meaning: 'The body exceeds `limits.bodyBytes`, or 16 KiB on the admin listener.' },
  urlTooLong: { seen: 'http', meaning: 'Path and query exceed `limits.urlBytes`.' },
  tooManyRequests: {
    seen: 'http',
    meaning:
      'The client exceeds `limits.rate`. `Retry-After` says when to try again. If all clients are affected, the proxy is missing from `http.trustProxy`.'
  },
  overloaded: {
    seen: 'http',
    meaning: 'The server exceeds one of the `limits.overload` values. `Retry-After` says when to try again.'
  },
  crossOrigin: {
    seen: 'http',
    meaning:
      'A web page tried to call `/internal/reload`, `/internal/profile` or `/internal/qr`. Send the request without an `Origin` header. For the console: a page of another website sent a form or embedded it, or the service was restarted since the form was loaded. Load the page again.'
  },
  consoleClosed: {
    seen: 'http',
    meaning:
      'The console was opened from another machine or through a proxy, and `admin.passwordFile` is not set. Use an SSH tunnel, or set it.'
  },
  consoleInsecure: {
    seen: 'http',
    meaning:
      'The console was opened from another machine without TLS. Put a proxy with TLS in front, and list it in `http.trustProxy`, so that its `X-Forwarded-Proto` is trusted.'
  },
  foreignHost: {
    seen: 'http',
    meaning:
      'The `Host` header is not `localhost`, an IP address or a name in `admin.hosts`. This protects against websites whose name leads to this machine.'
  },
  passwordNeeded: {
    seen: 'http',
    meaning: 'The console needs the password of `admin.passwordFile`, with any user name.'
  },
  tooManyPasswords: {
    seen: 'http',
    meaning: 'Five wrong passwords from one address, or fifty from all. They are forgotten after a minute.'
  },
  internal: { seen: 'http', meaning: 'A bug in Signpost. The log has the details; please report it.' },
  unavailable: {
    seen: 'http',
    meaning: 'The domain or address is in a directory that does not answer. `Retry-After` says when to try again.'
  },
  cannotSign: {
    seen: 'http',
    meaning:
      '`signing.required` is true and the certificate is not valid. `signpost check` and the log give the reason.'
  },
  directoryUnfit: {
    seen: 'log',
    meaning: 'The query of `directory` or `users` returns an unknown column, or lacks `domain` or `address`.'
  },
  usage: { seen: 'exit', meaning: 'The command line is wrong. The message says what was found and what is expected.' },
  noSettings: {
    seen: 'exit',
    meaning:
      'The settings file does not exist, or `signpost serve` found only comments in it. The message lists ways to get settings.'
  },
  settingsUnreadable: { seen: 'exit', meaning: 'The settings file cannot be read.' },
  certificatesUnreadable: {
    seen: 'exit',
    meaning: 'The folder `http.tls.acme.storage` cannot be read. Only the user of the service and root can.'
  },
  settingsInvalid: {
    seen: 'exit',
    meaning: 'The settings table has errors. Each is printed with file, line and column.'
  },
  importUnreadable: { seen: 'exit', meaning: 'The source of an import cannot be read or fetched.' },
  importUnknown: {
    seen: 'exit',
    meaning: 'The source of an import has an unknown format. The message says what was found.'
  },
  importAmbiguous: { seen: 'exit', meaning: '`--id` or `--domain` was given, but the source has several providers.' },
  fileExists: { seen: 'exit', meaning: 'The output file exists already and was not changed.' },
  exportOccupied: { seen: 'exit', meaning: 'The export folder contains files that `signpost export` did not write.' },
  cannotWrite: { seen: 'exit', meaning: 'A file or folder cannot be written.' },
  noResolver: {
    seen: 'exit',
    meaning: 'No DNS server answers. `--resolver` or `admin.doctor.resolver` names another one.'
  },
  workerFailed: {
    seen: 'exit',
    meaning: 'A worker ended, or was not ready within 120 seconds, while the service started.'
  },
  cannotListen: { seen: 'exit', meaning: 'The port is in use, or the user may not listen on it.' }
}

const places = { http: (status: number) => String(status), exit: () => 'exit code 2', log: () => 'log' }

/** @returns the message, unless all of it depends on the case */
function messageOf({ message }: SignpostError): string {
  const text = message.replace(/ ?undefined/g, ' …').trim()
  return /[a-z]/.test(text) ? text : ''
}

/** @returns the block `errors` */
export function errorsReference(): Map<string, string> {
  const rows = Object.entries(errors).map(([name, create]) => {
    const { seen, meaning } = explanations[name as keyof typeof errors]
    const error = create()
    return [code(error.code), places[seen](error.status), messageOf(error), meaning]
  })
  return new Map([['errors', table(['code', 'where', 'message', 'meaning'], rows)]])
}
