/**
 * A bound on the time that an input may take.
 */

/**
 * @returns the problem, which may be the time. Processor time of this thread counts, which a busy machine does
 * not change
 */
export async function inTime(
  mostMs: number,
  run: () => string | undefined | Promise<string | undefined>
): Promise<string | undefined> {
  const before = process.threadCpuUsage()
  const problem = await run()
  const { user, system } = process.threadCpuUsage(before)
  const ms = (user + system) / 1000
  return problem ?? (ms > mostMs ? `took ${Math.round(ms)} ms, at most ${mostMs} are allowed` : undefined)
}

/** @returns characters that a terminal must not get: all except letters, digits, punctuation and line feeds */
export function hiddenIn(text: string): string | undefined {
  const found = /(?![\n\u200c\u200d])[\p{C}\p{Zl}\p{Zp}]/u.exec(text)?.[0]
  return found && `U+${found.codePointAt(0)?.toString(16)} in ${JSON.stringify(text.slice(0, 500))}`
}
