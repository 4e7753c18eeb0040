/**
 * Which form log lines have: JSON for programs, or text for a person at a terminal.
 */
import { isatty } from 'node:tty'
import { wantsColour } from '../../formats/wants-colour.ts'
import type { Settings } from '../../settings/schema.ts'
import type { LogStream } from './log-stream.ts'

export interface LogFormatOptions {
  /** Default: the environment of the process. */
  readonly env?: Readonly<Record<string, string | undefined>>
  readonly isTerminal?: (fd: number) => boolean
}

/**
 * @param stream takes lines of JSON or of text
 * @param fd where the stream writes to: with `log.format` auto, a terminal gets text
 * @returns a stream that takes lines of JSON
 */
export async function formatLog(
  stream: LogStream,
  settings: Settings['log'],
  { fd, env = process.env, isTerminal = isatty }: LogFormatOptions & { readonly fd: number }
): Promise<LogStream> {
  const { format = 'auto' } = settings ?? {}
  if (format === 'json' || (format === 'auto' && !isTerminal(fd))) return stream
  // Why loaded when called: most services have no terminal, and loading it takes 25 ms of processor time (Node 24.21, 2026-11-30).
  const { createPrettyLine } = await import('./pretty-line.ts')
  const toText = createPrettyLine({ colours: wantsColour(env, isTerminal(fd)) })
  return {
    write: line => stream.write(toText(line)),
    flush: done => stream.flush(done),
    onFirstDrop: listener => stream.onFirstDrop(listener),
    get dropped() {
      return stream.dropped
    }
  }
}
