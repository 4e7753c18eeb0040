/**
 * The setup pages, without the server.
 */
import { queryValue } from '../../src/formats/query.ts'
import { webPaths } from '../../src/http/routes/web-paths.ts'
import { resolve } from '../../src/settings/question/resolution-order.ts'
import { pages } from '../../src/web/pages/pages.ts'
import { canariesIn, canary, hasMarkup } from './canary.ts'
import { isOwn } from './document-faults.ts'
import type { FuzzCase } from './fuzz-case.ts'
import { anyAcceptLanguage, anyHost, anyQuery, anyText, bytesOf } from './grammar.ts'
import { table } from './table.ts'

export const pageCase: FuzzCase = {
  name: 'pages',
  title: 'pages for people',
  make: random => ({
    path: String(random.below(webPaths.length)),
    query: bytesOf(anyQuery(random)),
    id: random.pick(['example', 'EXAMPLE', 'customers', 'silent', '', '__proto__', anyText(random, canary('path'))]),
    host: bytesOf(anyHost(random)),
    language: random.chance(40) ? bytesOf(anyAcceptLanguage(random)) : 'en',
    platform: random.chance(40) ? bytesOf(anyText(random, canary('header'))) : '"Android"',
    userAgent: random.chance(40) ? bytesOf(anyText(random, canary('header'))) : 'Mozilla/5.0 (Windows NT 10.0)'
  }),
  async judge({ path, query = '', id = '', host, language, platform, userAgent }) {
    const page = webPaths[Number(path)]
    if (page === undefined) return 'no path'
    const { document } = await page.write(pages, {
      table,
      find: address => resolve(table, { domain: address?.domain, host, address }),
      host,
      query,
      id,
      acceptLanguage: language,
      device: { platform, userAgent },
      signature: 0
    })
    const { status, headers, body } = document
    if (![200, 302, 400, 404].includes(status)) return `status ${status}`
    // Why: texts have one character per byte (formats/template.ts), except for robots.txt and the icon.
    const encoding = body.length === headers['content-length'] ? 'latin1' : 'utf8'
    const text = (typeof body === 'string' ? Buffer.from(body, encoding) : body).toString()
    if (headers['content-length'] !== Buffer.byteLength(text)) return `content-length ${headers['content-length']}`
    const fields = Object.values(headers).join('\n')
    if (!/^[ -~\n]*$/.test(fields) || canariesIn(fields).length > 0) return `headers ${fields}`
    if (headers.location !== undefined && !isOwn(String(headers.location))) return `Location ${headers.location}`
    if (hasMarkup(text, 'html')) return 'markup came back unescaped'
    // Why: the page contains the typed address, valid or not, but no other input.
    const allowed = canariesIn(queryValue(query, 'email') ?? '')
    const leaked = canariesIn(text).filter(field => !allowed.includes(field))
    return leaked.length > 0 ? `gives back the field ${leaked.join(', ')}` : undefined
  }
}
