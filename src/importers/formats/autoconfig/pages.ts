/**
 * What autoconfig has for people, and for programs that log in by OAuth: documentation, webMail, oAuth2.
 */
import { elements, ownText, type XmlTree } from '../../../formats/xml-tree.ts'
import type { Documentation, Oauth, Part } from '../../imported.ts'
import type { Reading } from '../../notes.ts'
import { oneLine } from '../../one-line.ts'

export function readDocumentation(element: XmlTree, reading: Reading): Part<Documentation> {
  const { url = '' } = element.attributes
  const texts: Record<string, string> = {}
  for (const child of elements(element)) {
    const { lang = 'en' } = child.attributes
    // Observed: Mozilla's database (2026) has de_DE too.
    const language = lang.replaceAll('_', '-')
    const text = oneLine(ownText(child))
    if (child.name === 'descr' && text !== '' && isNew(language, texts)) texts[language] = text
    else reading.drop(child, `documentation/${child.name} ${lang}`, 'expected one text a language in descr')
  }
  const text = Object.keys(texts).length > 0 ? texts : { en: url }
  return reading.part({ url, text }, element)
}

/** Spec: BCP 47 in short. */
function isNew(language: string, texts: Readonly<Record<string, string>>): boolean {
  return /^[a-z]{2,3}(?:-[A-Za-z0-9]{2,8})*$/.test(language) && !Object.hasOwn(texts, language)
}

export function readWebmail(element: XmlTree, reading: Reading): Part<string> | undefined {
  const [page] = elements(element, 'loginPage')
  for (const child of elements(element).filter(each => each !== page)) {
    reading.drop(child, `webMail/${child.name}`, 'the table has the address of the page alone')
  }
  return page && reading.part(page.attributes.url ?? '', page)
}

const fields = { issuer: 'issuer', scope: 'scope', authorizationUrl: 'authURL', tokenUrl: 'tokenURL' } as const

export function readOauth(element: XmlTree, reading: Reading): Part<Oauth> | undefined {
  const textOf = (name: string) => elements(element, name).slice(0, 1).map(ownText).join('').trim()
  const names: readonly string[] = Object.values(fields)
  for (const child of elements(element).filter(({ name }) => !names.includes(name))) {
    reading.drop(child, `oAuth2/${child.name}`, 'oauth is for programs that need no id and no secret')
  }
  const missing = names.filter(name => textOf(name) === '')
  if (missing.length > 0) {
    reading.drop(element, 'oAuth2', `it has no ${missing.join(', ')}`)
    return undefined
  }
  const { issuer, scope, authorizationUrl, tokenUrl } = fields
  const oauth = {
    issuer: textOf(issuer),
    scope: textOf(scope),
    authorizationUrl: textOf(authorizationUrl),
    tokenUrl: textOf(tokenUrl)
  }
  return reading.part(oauth, element)
}
