/**
 * Headers with the client, the language and the program, and request targets.
 */
import { isIP } from 'node:net'
import { createClientKeys } from '../../src/http/limits/client-keys.ts'
import { clientFamily } from '../../src/http/log/client-family.ts'
import { createProxyTrust } from '../../src/http/proxy.ts'
import { toOriginForm } from '../../src/http/request-target.ts'
import { toLimits } from '../../src/settings/limits.ts'
import { chooseLanguage } from '../../src/web/words/choose-language.ts'
import { languages } from '../../src/web/words/languages/index.ts'
import { fixed } from '../support/fixed.ts'
import { canary } from './canary.ts'
import type { FuzzCase } from './fuzz-case.ts'
import { anyAcceptLanguage, anyForwardedFor, anyHost, anyText, bytesOf } from './grammar.ts'

const proxy = createProxyTrust(['127.0.0.1', '10.0.0.0/8'])
const keyOf = createClientKeys(fixed(toLimits()), proxy)
const families = [
  'none',
  'other',
  'thunderbird',
  'outlook',
  'browser',
  'evolution',
  'fairemail',
  'emailengine',
  'android',
  'apple',
  'curl'
]

export const headerCase: FuzzCase = {
  name: 'headers',
  title: 'X-Forwarded-*, Accept-Language, User-Agent and request targets',
  make: random => ({
    peer: random.pick(['127.0.0.1', '::ffff:10.0.0.2', '203.0.113.9', '2001:db8::9', '']),
    for: bytesOf(anyForwardedFor(random)),
    proto: random.pick(['http', 'https', 'HTTPS, http', 'https,', anyText(random, canary('header'))]),
    language: anyAcceptLanguage(random),
    lang: random.pick(['', 'de', anyText(random, canary('query'))]),
    agent: random.pick(['curl/8', 'Mozilla/5.0 Thunderbird/156', '', anyText(random, canary('header'))]),
    target: `${random.pick(['', 'http://', 'https://', 'HTTP://', 'ftp://', '*', '//'])}${anyHost(random)}${random.pick(['', '/', '/mail/config-v1.1.xml', '?a', '#b'])}`
  }),
  judge({ peer = '', for: forwarded = '', proto = '', language = '', lang, agent, target = '' }) {
    const headers = { 'x-forwarded-for': forwarded, 'x-forwarded-proto': proto, host: 'example.com' }
    const passage = { headers, socket: { remoteAddress: peer } }
    const client = proxy.clientOf(passage)
    if (client !== peer && isIP(client) === 0) return `client ${client}`
    if (client !== peer && !proxy.trusts(peer)) return `believed ${peer}`
    keyOf(client)
    const scheme = proxy.schemeOf(passage)
    if (![undefined, 'http', 'https'].includes(scheme)) return `scheme ${scheme}`
    if (!languages.includes(chooseLanguage(lang, language).messages)) return 'no language'
    if (!families.includes(clientFamily(agent))) return 'no family'
    const path = toOriginForm({ url: target, headers })
    return path !== target && !path.startsWith('/') ? `path ${path}` : undefined
  }
}
