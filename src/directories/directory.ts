/**
 * A directory: a database or an LDAP server of the hoster that knows domains or mail addresses, and how it fails.
 */
export interface Directory<V> {
  /**
   * @param name a domain as A-labels; in a directory of users an address, with its domain as A-labels
   * @returns the answer for the name, or undefined if the directory does not know it; rejects with DirectoryFailure or
   * AC_DIRECTORY_UNFIT if there is no answer
   */
  find(name: string): Promise<V | undefined>
  /** @param onChange called with each name whose answer has changed, or with undefined if any answer may have changed */
  watch?(onChange: OnChange): void
  /** How often the process of the driver was restarted; undefined if the driver has no process. */
  readonly restarts?: number | undefined
  close(): Promise<void>
}

export type OnChange = (name: string | undefined) => void

export interface FailureDetails {
  /**
   * The server answers, but not this question: it refuses an invalid value or a collation that cannot be compared, or its
   * answer is too long. False: the directory is unavailable.
   */
  readonly isRefusal?: boolean
  /** The driver's text, for an administrator's terminal. Left out wherever a query may have computed it. */
  readonly driverText?: string | undefined
}

/** The code of an answer that was cut off because it exceeds the limit for one answer. */
export const answerTooLong = 'answer-too-long'

/**
 * The reason why a directory does not answer, as a code that may be logged.
 *
 * Why not the driver's own error: its text may contain what a query computes from an address (`upper`, `split_part`), and
 * the error object may contain the settings of the connection.
 */
export class DirectoryFailure extends Error implements Required<FailureDetails> {
  override readonly name = 'DirectoryFailure'
  readonly code: string
  readonly isRefusal: boolean
  // Why private: the log prints every enumerable property of an error.
  readonly #driverText: string | undefined

  /** @param code an error code of the driver, or one of Signpost in lower case */
  constructor(code: string, { isRefusal = false, driverText }: FailureDetails = {}) {
    super(`the directory fails with ${code}`)
    this.code = code
    this.isRefusal = isRefusal
    this.#driverText = driverText
  }

  /** The server has sent its whole answer, so that its connection can take the next question. */
  get isComplete(): boolean {
    return this.isRefusal && this.code !== answerTooLong
  }

  get driverText(): string | undefined {
    return this.#driverText
  }
}

/** What the parsers of driver errors need to know. */
export interface FailureContext {
  /** No question was sent yet, so that the driver's text cannot contain an address. */
  readonly isConnecting?: boolean
}

/**
 * @param error anything thrown
 * @returns a DirectoryFailure unchanged. Any other error becomes a failure with its code if that is a code of Node.js or
 * OpenSSL such as ECONNREFUSED, otherwise with the code `unknown`. Its text is only kept if it comes from before the question
 * was sent.
 */
export function toFailure(error: unknown, { isConnecting = false }: FailureContext = {}): DirectoryFailure {
  if (error instanceof DirectoryFailure) return error
  const { code, message } = (error ?? {}) as NodeJS.ErrnoException
  const isSystemCode = typeof code === 'string' && /^[A-Z][A-Z0-9_]{2,60}$/.test(code)
  return new DirectoryFailure(isSystemCode ? code : 'unknown', isConnecting ? { driverText: message } : {})
}
