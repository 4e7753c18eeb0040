/**
 * Which regular expressions take linear time, according to an analysis that may time out on a busy machine.
 */

export interface Analysis {
  readonly status: 'safe' | 'vulnerable' | 'unknown'
}

export interface AnalyseOptions {
  /** Expressions that an earlier analysis found linear. */
  readonly known: ReadonlySet<string>
  /** Whether known expressions are analysed as well. */
  readonly again: boolean
  readonly analyse: (text: string) => Promise<Analysis>
}

/**
 * @param texts expressions such as `/a+/i`
 * @returns those that take linear time, sorted, and the analyses that say otherwise or timed out. Known expressions whose
 *   analysis timed out stay linear.
 */
export async function findLinear(texts: Iterable<string>, { known, again, analyse }: AnalyseOptions) {
  const linear: string[] = []
  const failures: { readonly text: string; readonly analysis: Analysis }[] = []
  for (const text of texts) {
    const analysis: Analysis = known.has(text) && !again ? { status: 'safe' } : await analyse(text)
    const isLinear = analysis.status === 'safe' || (analysis.status === 'unknown' && known.has(text))
    if (isLinear) linear.push(text)
    else failures.push({ text, analysis })
  }
  return { linear: linear.sort(), failures }
}
