/**
 * What the command line says about a directory that does not answer.
 */
import { toFailure } from '../directories/directory.ts'
import { errors, SignpostError } from '../errors.ts'
import { withoutUserinfo } from '../settings/load/finding.ts'

interface Asked {
  readonly title?: string
  readonly name: string
}

/**
 * Why: the message for people who use the service names no reason.
 *
 * @param error of a lookup
 * @param asked the name of the directory in messages, and the domain or address that it was asked for
 * @returns AC_UNAVAILABLE with the reason; any other error as it is
 */
export function withReason(error: unknown, { title = 'the directory', name }: Asked): unknown {
  const { code } = errors.unavailable()
  if (!(error instanceof SignpostError && error.code === code && error.cause instanceof Error)) return error
  return new SignpostError(code, `${title} ${describeFailure(error.cause, name)}`, error.status, error.cause)
}

/**
 * @param name the domain or address that was asked
 * @returns continues "the directory …": with the driver's code, and with its message only if that describes the query or the
 * connection
 */
export function describeFailure(error: Error, name: string): string {
  if (error instanceof SignpostError) return `does not answer: ${error.message}`
  const { code, isRefusal, driverText } = toFailure(error)
  const reason =
    driverText === undefined || mentions(driverText, name) ? code : `${code}: ${withoutUserinfo(driverText)}`
  return isRefusal
    ? `refuses this query, so that the name is treated as unknown: ${reason}`
    : `does not answer: ${reason}`
}

/** Why: output of this command ends up in logs and tickets, and a database may print what it computes of an address. */
function mentions(text: string, name: string): boolean {
  const local = name.slice(0, Math.max(0, name.lastIndexOf('@')))
  return local !== '' && text.toLowerCase().includes(local.toLowerCase())
}
