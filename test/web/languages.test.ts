import t from 'tap'
import { fallback, languages } from '../../src/web/words/languages/index.ts'
import { slots } from '../../src/web/words/messages.ts'
import { slotsOf, textsOf } from '../support/web/texts.ts'

const english = textsOf(fallback)

/** Text, `{slots}`, and `[names]` of text and slots. */
const marked = /^(?:[^[\]{}]|\{\w+\}|\[(?:[^[\]{}]|\{\w+\})+\])+$/

/** Messages that only some languages have: translated names of programs, and notes that English does not need. */
const optional = /^programs\.steps\.\w+\.(?:name|note)$/

/** English texts that are the same in other languages: names of protocols, and international words. */
const international = [
  'SSL/TLS',
  'STARTTLS',
  'NTLM',
  'Kerberos (GSSAPI)',
  'Server',
  'Port',
  'Service',
  'Protocol',
  'Alternative',
  'Password',
  'Contacts (CardDAV)',
  'Website'
]

t.test('languages: each has a unique code, its own name, and the direction of its script', async t => {
  t.equal(new Set(languages.map(({ code }) => code)).size, languages.length)
  t.ok(languages.includes(fallback))
  for (const { code, name, direction } of languages) {
    t.same(Intl.getCanonicalLocales(code), [code])
    const own = new Intl.DisplayNames([code], { type: 'language' }).of(code)
    t.equal(name.toLowerCase(), own?.toLowerCase(), 'in the language itself')
    t.equal(direction, new Intl.Locale(code).maximize().script === 'Arab' ? 'rtl' : 'ltr', code)
  }
})

for (const messages of languages) {
  const { code } = messages
  const texts = textsOf(messages)
  const where = (isFault: (text: string) => boolean) =>
    [...texts].flatMap(([place, list]) => list.filter(isFault).map(text => `${place}: ${text}`))

  t.test(`languages: ${code}: has the same messages as English, none of which is empty`, async t => {
    const [missing, unknown] = [english, texts].map((these, index) =>
      [...these.keys()].filter(place => ![texts, english][index]?.has(place) && !optional.test(place))
    )
    t.same({ missing, unknown }, { missing: [], unknown: [] })
    t.same(
      [...texts].filter(([, list]) => list.length === 0),
      []
    )
    t.same(
      where(text => text !== text.trim() || text === ''),
      []
    )
  })

  t.test(`languages: ${code}: each message has the same slots as in English`, async t => {
    const named = [...texts].map(([place, list]) => [place, slotsOf(list)] as const)
    t.same(
      named.filter(([, names]) => names.some(name => !slots.some(slot => slot === name))),
      []
    )
    const expected = named.map(([place]) => [place, slotsOf(english.get(place) ?? [])])
    t.same(Object.fromEntries(named), Object.fromEntries(expected))
  })

  t.test(`languages: ${code}: brackets and braces are closed, not empty, and not nested`, async t => {
    t.same(
      where(text => !marked.test(text)),
      []
    )
    t.same(
      where(text => /[→←]/.test(text.replaceAll(/\] [→←] (?=\[)/g, ''))),
      [],
      'arrows are only between two names'
    )
  })

  t.test(`languages: ${code}: optional parts are closed, and as many as in English`, async t => {
    t.same(
      where(text => text.split('|').length % 2 === 0),
      []
    )
    const countOf = (list: readonly string[] = []) => list.join().split('|').length
    const differing = [...texts].filter(([place, list]) => countOf(list) !== countOf(english.get(place)))
    t.same(differing, [])
  })

  t.test(`languages: ${code}: uses typographic quotes, dashes and ellipses, and no HTML`, async t => {
    t.same(
      where(text => /["'`<>]|\.\.\.|--|[ \u00a0\u202f]{2}/.test(text)),
      []
    )
  })
}

for (const messages of languages.filter(each => each !== fallback)) {
  t.test(`languages: ${messages.code}: every message is translated`, async t => {
    const same = [...textsOf(messages)].flatMap(([place, list]) => {
      const original = english.get(place) ?? []
      return list.filter(text => original.includes(text) && !international.includes(text)).map(() => place)
    })
    t.same(
      same.filter(place => place !== 'direction'),
      []
    )
  })
}

t.test('languages: fr: there is a no-break space before ; ! ? : and within « »', async t => {
  t.same(
    textsIn('fr').filter(text => /[^\u202f][;!?]|[^\u00a0]:|«[^\u00a0]|[^\u00a0]»/.test(text)),
    []
  )
})

t.test('languages: pl: a no-break space follows each word of one letter', async t => {
  t.same(
    textsIn('pl').filter(text => /(?:^|[\s(])[aiouwz] /i.test(text)),
    []
  )
})

function textsIn(code: string): string[] {
  return languages
    .filter(messages => messages.code === code)
    .flatMap(messages => [...textsOf(messages).values()].flat())
}
