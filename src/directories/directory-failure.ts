/**
 * Why a directory gives no answer, as a code that may be logged.
 *
 * Why not the driver's own error: its text may hold what a query computes of an address (`upper`, `split_part`), and the
 * error itself may hold the connection's settings.
 */
export interface FailureDetails {
  /**
   * The server answers, but not this question: it refuses an invalid value or a collation that cannot be compared, or its
   * answer is too long. False: the directory is unavailable.
   */
  readonly isRefusal?: boolean
  /** The driver's text, for an administrator's terminal. Left out wherever a query may have computed it. */
  readonly words?: string | undefined
}

/** The code of an answer that was cut off because it exceeds the limit for one answer. */
export const answerTooLong = 'answer-too-long'

export class DirectoryFailure extends Error implements Required<FailureDetails> {
  override readonly name = 'DirectoryFailure'
  readonly code: string
  readonly isRefusal: boolean
  // Why private: the log prints every enumerable property of an error.
  readonly #words: string | undefined

  /** @param code a driver's error code, or one of this service in small letters */
  constructor(code: string, { isRefusal = false, words }: FailureDetails = {}) {
    super(`the directory fails with ${code}`)
    this.code = code
    this.isRefusal = isRefusal
    this.#words = words
  }

  /** The server has sent its whole answer, so that its connection can take the next question. */
  get isComplete(): boolean {
    return this.isRefusal && this.code !== answerTooLong
  }

  get words(): string | undefined {
    return this.#words
  }
}

/**
 * @param error anything thrown. @returns it, or a failure with its code if that is one of Node.js or OpenSSL, such as
 * ECONNREFUSED, else `unknown`; its text is only kept where it comes from before the question was sent
 */
export function toFailure(error: unknown, { isConnecting = false } = {}): DirectoryFailure {
  if (error instanceof DirectoryFailure) return error
  const { code, message } = (error ?? {}) as NodeJS.ErrnoException
  const known = typeof code === 'string' && /^[A-Z][A-Z0-9_]{2,60}$/.test(code)
  return new DirectoryFailure(known ? code : 'unknown', isConnecting ? { words: message } : {})
}
