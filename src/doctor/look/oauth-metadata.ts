/**
 * The OAuth servers that documents announce, and the metadata that these servers publish about themselves (RFC 8414).
 */
import { elements, ownText, readXmlTree } from '../../formats/xml-tree.ts'
import { asObject, parseObject } from '../../json.ts'
import type { Exchange } from '../../network/http-exchange.ts'
import type { NetworkWorld } from '../../network/network-world.ts'
import { type AnnouncedOauth, lastOf, type OauthServer, urlOf, type Visit } from './examination.ts'

/** Why limited: doctor sends requests to all issuers in foreign documents, which may contain any number. */
const mostServers = 4

/** Asks each announced issuer for its metadata. */
export async function lookUpOauth(visits: readonly Visit[], { observe }: NetworkWorld): Promise<OauthServer[]> {
  const announced = visits.flatMap(visit => announcedBy(visit) ?? [])
  // Why: the same document has several URLs.
  const distinct = Map.groupBy(announced, ({ from: _, ...rest }) => JSON.stringify(rest))
  const firsts = [...distinct.values()].flatMap(group => group.slice(0, 1))
  return await Promise.all(
    firsts.slice(0, mostServers).map(async each => {
      let exchange: Exchange | undefined
      for (const url of metadataUrls(each.issuer)) {
        exchange = await observe({ method: 'GET', url, headers: { accept: 'application/json' } })
        if (exchange.response?.status === 200) break
      }
      return { announced: each, exchange }
    })
  )
}

/** @returns undefined if the document says nothing about OAuth */
function announcedBy(visit: Visit): AnnouncedOauth | undefined {
  const { family, isNonsense } = visit.asked
  const { response } = lastOf(visit)
  if (isNonsense || visit.isLoop || response?.status !== 200) return undefined
  if (family === 'autoconfig') return ofAutoconfig(response.body, urlOf(visit))
  return family === 'pacc' ? ofPacc(response.body, urlOf(visit)) : undefined
}

function ofAutoconfig(body: string, from: string): AnnouncedOauth | undefined {
  const root = readXmlTree(body)
  const [element] = root === undefined ? [] : elements(root, 'oAuth2')
  if (element === undefined) return undefined
  const textOf = (name: string) => elements(element, name).slice(0, 1).map(ownText).join('').trim() || undefined
  return {
    from,
    issuer: textOf('issuer') ?? '',
    scope: textOf('scope'),
    authorizationUrl: textOf('authURL'),
    tokenUrl: textOf('tokenURL'),
    clientId: textOf('clientID'),
    mayHaveClientId: true
  }
}

/** Spec: draft-ietf-mailmaint-pacc-03: only the issuer. Programs learn everything else from its metadata. */
function ofPacc(body: string, from: string): AnnouncedOauth | undefined {
  const { authentication } = parseObject(body)
  const { 'oauth-public': oauth } = asObject(authentication)
  const { issuer } = asObject(oauth)
  if (typeof issuer !== 'string') return undefined
  const unknown = { scope: undefined, authorizationUrl: undefined, tokenUrl: undefined, clientId: undefined }
  return { from, issuer, ...unknown, mayHaveClientId: false }
}

/**
 * Spec: RFC 8414 2, 3.1: an issuer is an https URL without query and fragment; the well-known part is inserted before its
 * path. OpenID Connect Discovery 4 appends it instead, and many servers have only that document.
 * @returns nothing if the issuer is not such a URL
 */
function metadataUrls(issuer: string): string[] {
  const url = URL.parse(issuer)
  if (url?.protocol !== 'https:' || /[?#@]/.test(issuer)) return []
  const path = url.pathname.replace(/\/$/, '')
  return [
    `${url.origin}/.well-known/oauth-authorization-server${path}`,
    `${url.origin}${path}/.well-known/openid-configuration`
  ]
}
