/**
 * The documentation is in plain English: no phrase that makes people read a sentence twice.
 */
import t from 'tap'
import { documents, withoutCode } from '../support/docs/documents.ts'

/** What to look for, and what to write instead. */
const signs: readonly (readonly [RegExp, string])[] = [
  [/\bnobody\b/i, 'no one, unknown, or name the subject'],
  [/\bwhoever\b/i, 'anyone who'],
  [/\bwho (?:has|have|serves|says)\b/i, 'name the subject'],
  [/\b(?:is|are|was|were) told\b/i, 'gets, receives, sees'],
  [/\banew\b/i, 'again'],
  [/\b(?:of|on) its own\b/i, 'separate, own'],
  [/\bby (?:itself|themselves)\b/i, 'automatically'],
  [/\bthere is none\b/i, 'does not exist'],
  [/(?<!soon )\bas it is\b(?! stored)/i, 'unchanged'],
  [/\bcomes? of it\b/i, 'the result'],
  [/(?:^|[.!?:] )Of (?!course)/m, 'begin with the subject'],
  [/\bWhy not\b/, 'state the reason'],
  [/\bthe \d+\. of\b/i, 'an ordinal'],
  [/\b1 (?:records|errors|warnings|domains|programs|servers)\b/, 'the singular'],
  [/\blog-in\b/i, 'login (noun), log in (verb)'],
  [/\blook-ups?\b/i, 'lookup (noun), look up (verb)'],
  [/\bmend(?:s|ed)?\b/i, 'fix'],
  [/\bgiven all the same\b/i, 'still used'],
  [/\bthe same holds\b/i, 'this also applies']
]

for (const { path, text } of documents()) {
  t.test(`prose: ${path} has no phrase that takes two readings`, async t => {
    t.same(faultsIn(text), [])
  })
}

t.test('prose: a sign is found with its line, and not in code', async t => {
  t.same(faultsIn('Fine.\n\nWhoever asks is answered.\n'), ['line 3: "Whoever", better: anyone who'])
  t.same(faultsIn('`nobody` runs it.\n'), [])
  t.same(faultsIn('It is gone.\nOf the rest, two stay.\n'), ['line 2: "Of ", better: begin with the subject'])
})

function faultsIn(text: string): string[] {
  const prose = withoutCode(text)
  return signs.flatMap(([sign, better]) =>
    Array.from(prose.matchAll(new RegExp(sign, `${sign.flags}g`)), ({ 0: found, index }) => {
      const line = prose.slice(0, index).split('\n').length + (found.startsWith('\n') ? 1 : 0)
      return `line ${line}: "${found.trimStart()}", better: ${better}`
    })
  )
}
