/**
 * Pages and OAuth in autoconfig: the elements documentation, webMail and oAuth2.
 */
import { elements, ownText, type XmlTree } from '../../../formats/xml-tree.ts'
import { toDomain } from '../../../settings/question/domain.ts'
import type { ImportLog } from '../../import-log.ts'
import { oneLine } from '../../import-log.ts'
import type { Documentation, Oauth, Part } from '../../imported.ts'

export function readDocumentation(element: XmlTree, log: ImportLog): Part<Documentation> {
  const { url = '' } = element.attributes
  const texts: Record<string, string> = {}
  for (const child of elements(element)) {
    const { lang = 'en' } = child.attributes
    // Observed: Mozilla's database (2026) also contains de_DE.
    const language = lang.replaceAll('_', '-')
    const text = oneLine(ownText(child))
    if (child.name === 'descr' && text !== '' && isNew(language, texts)) texts[language] = text
    else log.drop(child, `documentation/${child.name} ${lang}`, 'expected one text for each language in descr')
  }
  const text = Object.keys(texts).length > 0 ? texts : { en: url }
  return log.part({ url, text }, element)
}

/** Spec: BCP 47, simplified. */
function isNew(language: string, texts: Readonly<Record<string, string>>): boolean {
  return /^[a-z]{2,3}(?:-[A-Za-z0-9]{2,8})*$/.test(language) && !Object.hasOwn(texts, language)
}

export function readWebmail(element: XmlTree, log: ImportLog): Part<string> | undefined {
  const [page] = elements(element, 'loginPage')
  for (const child of elements(element).filter(each => each !== page)) {
    log.drop(child, `webMail/${child.name}`, 'the table contains only the URL of the page')
  }
  return page && log.part(page.attributes.url ?? '', page)
}

/**
 * Outlook on the web: `owaURL` of an exchange server, or the URL of type owa.
 *
 * @param servers the servers of a provider
 * @param known the webmail of the document, which counts
 */
export function readOutlookWeb(
  servers: readonly XmlTree[],
  known: Part<string> | undefined,
  log: ImportLog
): Part<string> | undefined {
  const pages = servers.flatMap(server =>
    elements(server, server.attributes.type?.toLowerCase() === 'owa' ? 'url' : 'owaURL')
  )
  const urlOf = (page: XmlTree) => ownText(page).trim()
  const [first] = pages
  const webmail = known ?? (first && log.part(urlOf(first), first))
  for (const page of pages.filter(page => urlOf(page) !== webmail?.value)) {
    log.drop(page, `emailProvider/incomingServer ${page.name}`, 'the table has one URL for the webmail')
  }
  return webmail
}

const fields = { issuer: 'issuer', scope: 'scope', authorizationUrl: 'authURL', tokenUrl: 'tokenURL' } as const
const clientIdField = 'clientID'

export function readOauth(element: XmlTree, log: ImportLog): Part<Oauth> | undefined {
  const textOf = (name: string) => elements(element, name).slice(0, 1).map(ownText).join('').trim()
  const names: readonly string[] = Object.values(fields)
  // Why: a client with a secret is not public, so that its id is useless without the secret.
  const hasSecret = elements(element, 'clientSecret').length > 0
  const known = hasSecret ? names : [...names, clientIdField]
  for (const child of elements(element).filter(({ name }) => !known.includes(name))) {
    log.drop(child, `oAuth2/${child.name}`, 'oauth is for programs that need no secret')
  }
  const missing = names.filter(name => textOf(name) === '')
  if (missing.length > 0) {
    log.drop(element, 'oAuth2', `it lacks ${missing.join(', ')}`)
    return undefined
  }
  const { scope, authorizationUrl, tokenUrl } = fields
  const named = textOf(fields.issuer)
  // Observed: Mozilla's database (2026-03) has host names, and the table has what RFC 8414 calls the issuer.
  const isHost = toDomain(named) !== undefined
  const clientId = hasSecret ? '' : textOf(clientIdField)
  const oauth = {
    issuer: isHost ? `https://${named}` : named,
    scope: textOf(scope),
    authorizationUrl: textOf(authorizationUrl),
    tokenUrl: textOf(tokenUrl),
    ...(clientId !== '' && { clientId })
  }
  return log.part(
    oauth,
    element,
    isHost ? `The issuer is a guess: the source only has the host name ${named}.` : undefined
  )
}
