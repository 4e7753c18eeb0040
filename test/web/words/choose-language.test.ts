import fc from 'fast-check'
import t from 'tap'
import { chooseLanguage } from '../../../src/web/words/choose-language.ts'
import { fallback, languages } from '../../../src/web/words/languages/index.ts'
import { anyCharacter } from '../../support/arbitraries/character.ts'

const chosen = (lang: string | undefined, header?: string) => chooseLanguage(lang, header).messages.code
const code = fc.constantFrom(...languages.map(({ code }) => code))

t.test('language: is English without lang and Accept-Language', async t => {
  t.equal(chosen(undefined), 'en')
  t.equal(chosen('', ''), 'en')
})

t.test('language: lang is preferred to the header', async t => {
  t.equal(chosen('de', 'fr'), 'de')
  t.equal(chosen('DE-at', 'fr'), 'de', 'without its region, in any letter case')
})

t.test('language: for an unknown lang, the header decides', async t => {
  for (const lang of ['tlh', 'd', 'deu', '*', 'de_DE', '-', '../de', 'de'.repeat(1000)]) {
    t.equal(chosen(lang, 'fr'), 'fr', lang)
  }
})

t.test('language: is chosen from the headers of browsers', async t => {
  t.equal(chosen(undefined, 'de-AT,de;q=0.9,en-US;q=0.8,en;q=0.7'), 'de')
  t.equal(chosen(undefined, 'fr-CH, fr;q=0.9, en;q=0.8, de;q=0.7, *;q=0.5'), 'fr')
  t.equal(chosen(undefined, 'sv-SE,sv;q=0.8,nl;q=0.6,en;q=0.4'), 'nl', 'the first one that is available')
  t.equal(chosen(undefined, 'pl'), 'pl')
})

t.test('language: lookup removes whole subtags (RFC 4647 3.4)', async t => {
  t.equal(chosen(undefined, 'de-Latn-DE-1996'), 'de')
  t.equal(chosen(undefined, 'de-x-fr'), 'de')
  t.equal(chosen(undefined, 'den, deu, d, fr;q=0.1'), 'fr')
})

t.test('language: the highest quality wins, and the first among equals', async t => {
  t.equal(chosen(undefined, 'de;q=0.4, fr;q=0.41'), 'fr')
  t.equal(chosen(undefined, 'de;q=0.5, fr;q=0.500'), 'de')
  t.equal(chosen(undefined, 'de ; Q=0.5\t,\tFR;q=1.000'), 'fr', 'spaces and letter case')
})

t.test('language: quality 0 excludes', async t => {
  t.equal(chosen(undefined, 'de;q=0, fr;q=0.1'), 'fr')
  t.equal(chosen(undefined, 'de-AT, de;q=0, fr;q=0.1'), 'fr', 'even if another range would match it')
  t.equal(chosen(undefined, 'fr;q=0'), 'en')
  t.not(chosen(undefined, 'en;q=0, *'), 'en')
})

t.test('language: * matches languages that no other range names', async t => {
  t.equal(chosen(undefined, '*'), 'en')
  t.equal(chosen(undefined, 'sv, *;q=0.5'), 'en')
  t.equal(chosen(undefined, 'de;q=0.5, *'), 'en')
  const named = languages.map(({ code }) => `${code};q=0.1`).join(', ')
  t.equal(chosen(undefined, `*, ${named}`), languages[0]?.code, 'no language is left for *')
})

t.test('language: invalid ranges are ignored', async t => {
  for (const range of [
    'fr;q=2',
    'fr;q=1.5',
    'fr;q=0.1234',
    'fr;q=-1',
    'fr;q',
    'fr;q=',
    'fr q=1',
    'fr_FR',
    'ſr',
    ';',
    '-'
  ]) {
    t.equal(chosen(undefined, `${range}, de;q=0.1`), 'de', range)
  }
  t.equal(chosen(undefined, ', ,de,'), 'de', 'empty ranges')
})

t.test('language: a very long header is ignored, and only the first 30 ranges are read', async t => {
  t.equal(chosen(undefined, `de,${' '.repeat(1000)}`), 'en')
  t.equal(chosen(undefined, `${'sv,'.repeat(29)}de`), 'de')
  t.equal(chosen(undefined, `${'sv,'.repeat(30)}de`), 'en')
})

t.test('language: every language is found by its code and by every region of it', async () => {
  const region = fc.stringMatching(/^(?:-[A-Za-z0-9]{1,8}){0,3}$/)
  fc.assert(
    fc.property(code, region, (code, region) => {
      return chosen(`${code}${region}`.slice(0, 35)) === code && chosen(undefined, `${code}${region}`) === code
    })
  )
})

t.test('language: for any qualities, the highest wins, and the first among equals', async () => {
  const ranges = fc.uniqueArray(fc.tuple(code, fc.integer({ min: 0, max: 1000 })), { selector: ([code]) => code })
  fc.assert(
    fc.property(ranges, ranges => {
      const header = ranges.map(([code, thousandths]) => `${code};q=${(thousandths / 1000).toFixed(3)}`).join(',')
      const best = Math.max(...ranges.map(([, quality]) => quality))
      const winner = best > 0 ? ranges.find(([, quality]) => quality === best)?.[0] : undefined
      return chosen(undefined, header) === (winner ?? fallback.code)
    })
  )
})

t.test('language: returns a language for any header', async () => {
  const token = fc.constantFrom('de', 'fr', '*', ',', ';', 'q=', '0', '.', '1', '-', ' ', '\t', '\0', 'ü', '=', '%')
  const text = fc.oneof(fc.string({ unit: token, maxLength: 60 }), fc.string({ unit: anyCharacter }))
  fc.assert(fc.property(text, text, (lang, header) => languages.includes(chooseLanguage(lang, header).messages)))
})
