/**
 * What stands at a discovery URL: the servers of a document, or why it is none. Read as the strictest program does that
 * the document is for.
 */
import { readMailProfile } from '../../clients/apple.ts'
import { readPacc } from '../../clients/himalaya/pacc.ts'
import { type FoundServer, orRefusal, Refusal } from '../../clients/model/client.ts'
import type { Servers } from '../../clients/model/parallel-search.ts'
import { readAutodiscover } from '../../clients/outlook/document.ts'
import { readClientConfig } from '../../clients/thunderbird/client-config.ts'
import { fillIn } from '../../clients/thunderbird/values.ts'
import { readJxon } from '../../clients/xml/jxon.ts'
import { lastOf, type Visit } from './examination.ts'

export type DocumentKind = 'autoconfig' | 'autodiscover' | 'profile' | 'pacc'

export interface ReadDocument {
  readonly kind: DocumentKind
  /** Undefined where it is refused, or leads elsewhere. */
  readonly servers: readonly FoundServer[] | undefined
  readonly refusal: string | undefined
}

/** @returns undefined where there is no answer of 200, or one that no document is expected in */
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
    if (document === undefined) throw new Refusal('not well-formed XML')
    return listOf(fillIn(readClientConfig(document), address))
  },
  autodiscover(body, address) {
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

function listOf({ incoming, outgoing }: Servers): FoundServer[] {
  return [incoming, outgoing].filter(server => server !== undefined)
}
