/**
 * All errors of Signpost: code, message and HTTP status. The command line and responses print the code after the message,
 * and the log has it in `code`. docs/reference/errors.md lists all of them.
 */
export class SignpostError extends Error {
  override readonly name = 'SignpostError'
  readonly code: string
  /** The HTTP status of the response; 500 if the error never causes one. */
  readonly status: number

  constructor(code: string, message: string, status: number, cause?: unknown) {
    super(message, { cause })
    this.code = code
    this.status = status
  }
}

/** Values for the placeholders of a message, and the cause. */
type Details = { readonly [key: string]: unknown; readonly cause?: unknown }

const define =
  (code: string, message: string, status = 500) =>
  (details: Details = {}) =>
    new SignpostError(
      code,
      message.replace(/\{(\w+)\}/g, (_, key: string) => String(details[key])),
      status,
      details.cause
    )

export const errors = {
  badRequest: define('AC_BAD_REQUEST', 'The request could not be understood.', 400),
  notFound: define('AC_NOT_FOUND', 'Nothing is served here.', 404),
  methodNotAllowed: define('AC_METHOD_NOT_ALLOWED', 'This URL accepts {allowed}.', 405),
  bodyTooLarge: define('AC_BODY_TOO_LARGE', 'The request body is longer than {limit} bytes.', 413),
  urlTooLong: define('AC_URL_TOO_LONG', 'The request URL is longer than {limit} bytes.', 414),
  tooManyRequests: define('AC_TOO_MANY_REQUESTS', 'Too many requests from your network; try again later.', 429),
  overloaded: define('AC_OVERLOADED', 'The server is overloaded; try again later.', 503),
  crossOrigin: define('AC_CROSS_ORIGIN', 'Web pages must not call this.', 403),
  consoleClosed: define(
    'AC_CONSOLE_CLOSED',
    'The console is open only to this machine. admin.passwordFile opens it to others.',
    403
  ),
  consoleInsecure: define('AC_CONSOLE_INSECURE', 'The console needs TLS, or a connection from this machine.', 403),
  foreignHost: define(
    'AC_FOREIGN_HOST',
    'The console is not served under this host name. admin.hosts lists others.',
    421
  ),
  passwordNeeded: define('AC_PASSWORD_NEEDED', 'The password of admin.passwordFile is needed.', 401),
  tooManyPasswords: define('AC_TOO_MANY_PASSWORDS', 'Too many wrong passwords; try again in a minute.', 429),
  internal: define('AC_INTERNAL', 'Internal error; your request was not at fault.', 500),
  unavailable: define('AC_UNAVAILABLE', 'The directory is unavailable; try again later.', 503),
  cannotSign: define('AC_CANNOT_SIGN', 'Profiles cannot be signed at the moment; try again later.', 503),
  directoryUnfit: define('AC_DIRECTORY_UNFIT', '{block}.{field} {problem}'),
  usage: define('AC_USAGE', '{problem}'),
  settingsUnreadable: define('AC_SETTINGS_UNREADABLE', 'cannot read the settings table {file}: {reason}'),
  certificatesUnreadable: define('AC_CERTIFICATES_UNREADABLE', 'cannot read the certificates in {folder}: {reason}'),
  noSettings: define('AC_NO_SETTINGS', 'no settings: {reason}\n{advice}'),
  settingsInvalid: define('AC_SETTINGS_INVALID', '{findings}'),
  importUnreadable: define('AC_IMPORT_UNREADABLE', 'cannot read {source}: {reason}'),
  importUnknown: define('AC_IMPORT_UNKNOWN', '{source}: found {found}, expected {importable}'),
  importAmbiguous: define('AC_IMPORT_AMBIGUOUS', '{option}: found {count} providers at {source}, expected only one'),
  fileExists: define('AC_FILE_EXISTS', '{file} exists and is not overwritten{advice}'),
  exportOccupied: define(
    'AC_EXPORT_OCCUPIED',
    '{folder} contains files that signpost export did not write; expected a folder that is new, empty or an earlier export (--force renames it)'
  ),
  cannotWrite: define('AC_CANNOT_WRITE', 'cannot write {file}: {reason}'),
  noResolver: define(
    'AC_NO_RESOLVER',
    'no DNS server answers at {resolver}: {reason} (name another one with --resolver, or for the console with admin.doctor.resolver)'
  ),
  workerFailed: define('AC_WORKER_FAILED', 'a worker cannot start: {reason}'),
  cannotListen: define('AC_CANNOT_LISTEN', 'cannot listen on {address}: {reason}')
}
