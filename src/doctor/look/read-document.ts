/**
 * Reads the response at a discovery URL: the servers of the document, or the reason why it is unreadable. It follows the
 * strictest program that uses such documents.
 */
import { readMailProfile } from '../../clients/apple.ts'
import { readPacc } from '../../clients/himalaya/pacc.ts'
import { type FoundServer, orRefusal, Refusal } from '../../clients/model/client.ts'
import type { Servers } from '../../clients/model/parallel-search.ts'
import type { HttpResponse } from '../../clients/model/world.ts'
import { readAutodiscover } from '../../clients/outlook/document.ts'
import { readClientConfig } from '../../clients/thunderbird/client-config.ts'
import { fillIn } from '../../clients/thunderbird/values.ts'
import { readJxon } from '../../clients/xml/jxon.ts'
import { blankDoctype, hasDeclarations } from '../../formats/xml.ts'
import { readXmlTree, xmlFault } from '../../formats/xml-tree.ts'
import { lastOf, type Visit } from './examination.ts'

export type DocumentKind = 'autoconfig' | 'autodiscover' | 'profile' | 'pacc'

export interface ReadDocument {
  readonly kind: DocumentKind
  /** Undefined if the document is unreadable or refers to another URL. */
  readonly servers: readonly FoundServer[] | undefined
  readonly refusal: string | undefined
}

/** @returns undefined unless the response has status 200 and a document is expected */
export function readDocument(visit: Visit, address: string): ReadDocument | undefined {
  const { family, isNonsense } = visit.asked
  const { response } = lastOf(visit)
  if (isNonsense || visit.isLoop || response?.status !== 200 || !isKind(family)) return undefined
  const servers = orRefusal(() => readers[family](response.body, address))
  return servers instanceof Refusal
    ? { kind: family, servers: undefined, refusal: servers.message }
    : { kind: family, servers, refusal: undefined }
}

function isKind(family: string): family is DocumentKind {
  return Object.hasOwn(readers, family)
}

type Reader = (body: string, address: string) => FoundServer[] | undefined

const readers: Readonly<Record<DocumentKind, Reader>> = {
  autoconfig(body, address) {
    const document = readJxon(body)
    if (document === undefined) throw new Refusal(whyNotXml(body))
    return listOf(fillIn(readClientConfig(document), address))
  },
  autodiscover(body, address) {
    if (readXmlTree(blankDoctype(body)) === undefined) throw new Refusal(whyNotXml(body))
    const answer = readAutodiscover(body, address)
    return answer.kind === 'settings' ? listOf(answer.servers) : undefined
  },
  profile: body => listOf(readMailProfile(body)),
  pacc(body) {
    const pacc = readPacc(body)
    if (pacc === undefined) throw new Refusal('not the JSON of a PACC document')
    // Spec: draft-ietf-mailmaint-pacc-03: TLS from the first byte, on the usual ports, the address for a user name.
    const tls = { security: 'tls', username: undefined } as const
    return [
      ...[pacc.imap].flatMap(host => (host ? [{ protocol: 'imap' as const, host, port: 993, ...tls }] : [])),
      ...[pacc.smtp].flatMap(host => (host ? [{ protocol: 'smtp' as const, host, port: 465, ...tls }] : []))
    ]
  }
}

function whyNotXml(body: string): string {
  if (hasDeclarations(body)) return 'XML with declarations in its document type'
  const { message, line, column } = xmlFault(blankDoctype(body).replace(/^\ufeff/, ''))
  return `not well-formed XML: ${message} (line ${line}, column ${column})`
}

function listOf({ incoming, outgoing }: Servers): FoundServer[] {
  return [incoming, outgoing].filter(server => server !== undefined)
}

/** @returns whether the response is a web page for people */
export function isPage({ status, headers, body }: HttpResponse): boolean {
  if (status !== 200) return false
  return /^text\/html/i.test(headers['content-type'] ?? '') || /^\s*<(?:!doctype\s+html|html)\b/i.test(body)
}

/** @returns whether the server reports success for a document that cannot exist */
export function isSoft404(visit: Visit): boolean {
  const status = lastOf(visit).response?.status ?? 0
  return visit.asked.isNonsense && status >= 200 && status < 300
}

export function hostsOfSoft404(visits: readonly Visit[]): ReadonlySet<string> {
  return new Set(visits.filter(isSoft404).map(({ asked }) => new URL(asked.request.url).hostname))
}
