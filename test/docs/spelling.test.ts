/**
 * Words in the documentation are spelt correctly, in British English, or are in docs/words.txt.
 */
import { readFileSync } from 'node:fs'
import { spellCheckDocument } from 'cspell-lib'
import t from 'tap'
import { documents, root, withoutCode } from '../support/docs/documents.ts'

const words = readFileSync(new URL('docs/words.txt', root), 'utf8')
  .split('\n')
  .filter(word => word !== '')

t.test('spelling: every word in the documentation is known', async t => {
  for (const { path, text } of documents()) t.same(await misspelt(path, text), [], path)
})

t.test('spelling: a misspelt word is found', async t => {
  t.same(await misspelt('x.md', 'One setings file, `setings`, and [a link](https://setings.example/).\n'), [
    'line 1: setings'
  ])
})

t.test('spelling: the word list is sorted', async t => {
  t.same(words, words.toSorted())
})

async function misspelt(path: string, text: string): Promise<string[]> {
  const prose = withoutLinks(withoutCode(text))
  const { issues } = await spellCheckDocument(
    { uri: path, text: prose, languageId: 'markdown', locale: 'en-GB' },
    { generateSuggestions: false, noConfigSearch: true },
    { language: 'en-GB', words }
  )
  return issues.map(({ offset, text: word }) => `line ${prose.slice(0, offset).split('\n').length}: ${word}`)
}

/** Addresses are not words. */
function withoutLinks(text: string): string {
  return text.replace(/\]\([^)]*\)|https?:\/\/\S+|<!--[\s\S]*?-->/g, link => link.replace(/[^\n]/g, ' '))
}
