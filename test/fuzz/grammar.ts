/**
 * Random input: valid, almost valid, and nonsense.
 */
import { canary, markupCanary } from './canary.ts'
import type { Random } from './random.ts'

const nasty = [
  '\0',
  '\r\n',
  '\n',
  '\t',
  ' ',
  '%00',
  '%0d%0aSet-Cookie:%20a=b',
  '%',
  '%zz',
  '%c0%ae',
  '%25',
  '+',
  '..',
  '/../',
  '//',
  '\\',
  ';',
  '#',
  '?',
  '&',
  '=',
  '@',
  ':',
  '[::1]',
  '\u00c0\u00ae',
  '\u0130',
  '\u00df',
  '\u202e',
  '\u200d',
  '\ufdd0',
  '\ufffe',
  '\ud800',
  '\u{1f4eb}',
  '%EMAILDOMAIN%',
  '%EMAILADDRESS%',
  '{{7*7}}',
  '__proto__',
  'constructor',
  `<${markupCanary}`,
  `"${markupCanary}`,
  `'${markupCanary}`,
  `>${markupCanary}`,
  `&${markupCanary}`,
  `\`${markupCanary}`
] as const

/** @param own the marker word of the field that contains the text */
export function anyText(random: Random, own: string): string {
  let text = ''
  for (let part = random.below(5); part >= 0; part--) {
    const kind = random.below(10)
    if (kind < 4) text += random.pick(nasty)
    else if (kind < 7) text += own
    else if (kind < 9) text += random.pick(['a', 'Z', '0', '.', '-', '_', 'x'.repeat(70), 'ab'.repeat(150)])
    else text += String.fromCodePoint(random.below(0x3000))
  }
  return text
}

export function anyDomain(random: Random): string {
  const kind = random.below(20)
  if (kind < 8)
    return random.pick(['example.com', 'EXAMPLE.com', 'bücher.example', 'xn--bcher-kva.example', 'example.com.'])
  if (kind < 11) return `${random.pick(['a', 'b.a', 'x-1'])}.customers.example`
  if (kind < 12) return 'silent.example'
  if (kind < 17) return `${canary('domain')}.example`
  return anyText(random, canary('domain'))
}

const atext = "abcxyzABC019!#$%&'*+-/=?^_`{|}~.äß中" as const

export function anyAddress(random: Random): string {
  const kind = random.below(20)
  if (kind === 0) return anyText(random, canary('local'))
  if (kind === 1) return `${anyText(random, canary('local'))}@${anyDomain(random)}`
  let local: string = canary('local')
  for (let more = random.below(4); more > 0; more--) local += atext.charAt(random.below(atext.length))
  return `${local}@${anyDomain(random)}`
}

export function anyHost(random: Random): string {
  const kind = random.below(20)
  if (kind < 4) return 'example.com'
  if (kind < 10)
    return `${random.pick(['autoconfig', 'autodiscover', 'ua-auto-config', 'Autodiscover'])}.${anyDomain(random)}`
  if (kind < 12) return `autoconfig.mx1.hoster.example${random.pick(['', ':443', ':', '.'])}`
  if (kind < 15)
    return `${canary('host')}.example${random.pick(['', ':8080', `:${canary('host')}`, '/', '@example.com'])}`
  if (kind < 16) return `example.com${random.pick(['@', '/', '\\', '#', '?', ', ', ':80@'])}${canary('host')}.example`
  return anyText(random, canary('host'))
}

const names = [
  'emailaddress',
  'email',
  'Email',
  'EMAIL',
  'Protocol',
  'name',
  'lang',
  'form',
  'RedirectCount',
  'redirectcount'
] as const

export function anyQuery(random: Random): string {
  let query = ''
  for (let pair = random.below(5); pair >= 0; pair--) {
    const name = random.chance(85) ? random.pick(names) : encoded(anyText(random, canary('query')), random)
    query += `${query === '' ? '' : random.pick(['&', '&', '&', ';', '&&', '?'])}${name}${random.pick(['=', '=', '=', '', '=='])}`
    query += encoded(valueFor(name, random), random)
  }
  return query
}

function valueFor(name: string, random: Random): string {
  const small = name.toLowerCase()
  if (small.startsWith('email')) return random.chance(90) ? anyAddress(random) : anyText(random, canary('typed'))
  if (random.chance(10)) return anyText(random, canary('query'))
  if (small === 'protocol')
    return random.pick(['AutodiscoverV1', 'Autodiscoverv1', 'ActiveSync', 'EWS', '', canary('query')])
  if (small === 'name') return random.chance(60) ? `Jane ${canary('name')} & "Co"` : anyText(random, canary('name'))
  if (small === 'lang') return random.pick(['de', 'EN-us', 'ja', 'fa', 'xx', canary('query'), '-', 'a'.repeat(40)])
  return String(random.below(20))
}

/** @returns the text percent-encoded, partly encoded, or unchanged */
export function encoded(text: string, random: Random): string {
  const kind = random.below(10)
  if (kind < 2) return text
  const whole = text.isWellFormed() ? encodeURIComponent(text) : text
  if (kind < 8) return whole
  if (kind < 9) return whole.toLowerCase().replaceAll('%20', '+')
  return text.replace(/[\s\S]/g, character => {
    const code = character.charCodeAt(0)
    return code < 256 ? `%${code.toString(16).padStart(2, '0')}` : character
  })
}

const languages = ['de', 'en-GB', 'pt-BR', 'zh-Hant-TW', '*', 'x-klingon', 'ja', '', 'de-DE-1996'] as const
const weights = ['', ';q=0.5', ';q=1', ';q=0', '; q=0.001', ';q=2', ';q=-1', ';q=', ';level=1'] as const

export function anyAcceptLanguage(random: Random): string {
  let text = ''
  for (let part = random.below(random.chance(5) ? 400 : 6); part >= 0; part--) {
    const range = random.chance(85) ? random.pick(languages) : anyText(random, canary('header'))
    text += `${text === '' ? '' : random.pick([',', ', ', ' ,', ';'])}${range}${random.pick(weights)}`
  }
  return text
}

const hops = [
  '203.0.113.7',
  '10.0.0.1',
  '127.0.0.1',
  '2001:db8::1',
  '[2001:db8::1]:443',
  '203.0.113.7:50',
  'unknown',
  '::ffff:10.0.0.1',
  ''
] as const

export function anyForwardedFor(random: Random): string {
  let text = ''
  for (let hop = random.below(random.chance(5) ? 1000 : 5); hop >= 0; hop--) {
    text += `${text === '' ? '' : random.pick([',', ', ', ' , '])}${random.chance(85) ? random.pick(hops) : anyText(random, canary('header'))}`
  }
  return text
}

/** @returns the text as node reads it from the wire: one character per byte */
export function bytesOf(text: string): string {
  return /^[\0-\x7f]*$/.test(text) ? text : Buffer.from(text, 'utf8').toString('latin1')
}
