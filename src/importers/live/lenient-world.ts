/**
 * The network of an import from a live domain. Why not the network itself: the models of mail programs refuse documents that are
 * not XML, as the programs do, and an administrator wants to know why and what they contain.
 */
import type { HttpResponse, World } from '../../clients/model/world.ts'
import { blankDoctype, hasDeclarations } from '../../formats/xml.ts'
import { withoutMistakes, xmlMistake } from '../../formats/xml-mistakes.ts'
import { readLenientTree, xmlFault } from '../../formats/xml-tree.ts'
import { refusal } from '../import-log.ts'
import type { Dropped } from '../imported.ts'

export interface LenientWorld {
  /** Answers with settings as if they had no mistakes. */
  readonly world: World
  /** Why mail programs refuse documents of settings that were received: at most one reason for each. */
  readonly refusals: readonly Dropped[]
}

export function createLenientWorld(network: World): LenientWorld {
  const refusals = new Map<string, Dropped>()
  return {
    world: {
      ...network,
      async exchange(request) {
        const response = await network.exchange(request)
        if (!hasSettings(response)) return response
        const source = sourceOf(request.url)
        const refusal = refusalOf(response.body.replace(/^\ufeff/, ''), source)
        if (refusal !== undefined) refusals.set(source, refusal)
        return { ...response, body: withoutMistakes(response.body) }
      }
    },
    get refusals() {
      return [...refusals.values()]
    }
  }
}

/** @returns the URL without its query, which contains the address */
export function sourceOf(url: string): string {
  return url.replace(/\?.*/, '')
}

/** Why: many websites answer every path with a page, which is no mistake of an administrator. */
function hasSettings({ status, body }: HttpResponse): boolean {
  return status === 200 && /<(?:clientConfig|Autodiscover)[\s>]/i.test(body)
}

/** @param text without a byte order mark */
function refusalOf(text: string, source: string): Dropped | undefined {
  // Why: such a document may define what it refers to.
  if (hasDeclarations(text)) return undefined
  const mistake = xmlMistake(text)
  if (mistake !== undefined) return refusal(mistake, text, source)
  const xml = blankDoctype(text)
  if (readLenientTree(xml) !== undefined) return undefined
  const { message, ...position } = xmlFault(xml)
  const why = `it is not well-formed XML (${message}), so most mail programs refuse it`
  return { origin: { source, ...position }, what: 'document', why }
}
