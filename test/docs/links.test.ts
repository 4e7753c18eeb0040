/**
 * Links in the documentation lead to files and headings that exist. Nothing is fetched from the network.
 */
import { existsSync } from 'node:fs'
import { posix } from 'node:path'
import t from 'tap'
import { type Document, documents, root, withoutCode } from '../support/docs/documents.ts'

const all = documents()
const anchors = new Map(all.map(document => [document.path, anchorsOf(document)]))

for (const document of all) {
  t.test(`links: every relative link in ${document.path} leads to a file and a heading`, async t => {
    for (const link of linksOf(document)) t.equal(faultOf(document.path, link), undefined, link)
  })
}

t.test('links: every page is reached from docs/README.md', async t => {
  const reached = new Set(['docs/README.md'])
  for (const path of reached) {
    const document = all.find(each => each.path === path)
    for (const link of document === undefined ? [] : linksOf(document)) reached.add(targetOf(path, link))
  }
  for (const { path } of all) t.ok(reached.has(path), path)
})

t.test('links: every page has one title, and no heading twice', async t => {
  for (const { path, text } of all) {
    const headings = withoutCode(text).match(/^#{1,6} .+$/gm) ?? []
    t.equal(headings.filter(each => each.startsWith('# ')).length, 1, path)
    if (path.startsWith('docs/')) t.equal(new Set(headings).size, headings.length, path)
  }
})

t.test('links: a broken link is found', async t => {
  t.equal(faultOf('docs/README.md', 'guides/none.md'), 'docs/guides/none.md does not exist')
  t.equal(faultOf('docs/README.md', 'support.md#none'), 'docs/support.md has no heading #none')
  t.equal(faultOf('docs/README.md', '../LICENSE'), undefined)
})

/** @returns the targets of inline links and images that lead to this repository */
function linksOf({ text }: Document): string[] {
  const links = Array.from(withoutCode(text).matchAll(/\]\(<?([^)\s>]+)>?\)/g), ([, link = '']) => link)
  return links.filter(link => !/^[a-z]+:/i.test(link))
}

function targetOf(from: string, link: string): string {
  const path = link.replace(/#.*/, '')
  return path === '' ? from : posix.normalize(posix.join(posix.dirname(from), path))
}

function faultOf(from: string, link: string): string | undefined {
  const target = targetOf(from, link)
  if (!existsSync(new URL(target, root))) return `${target} does not exist`
  const [, anchor] = link.split('#')
  if (anchor === undefined || anchors.get(target)?.has(anchor) === true) return undefined
  return `${target} has no heading #${anchor}`
}

/** As GitHub makes them: lower case, spaces to hyphens, no punctuation; repeated headings have numbers, which are not used. */
function anchorsOf({ text }: Document): Set<string> {
  const headings = text.replace(/^```[\s\S]*?^```$/gm, '').matchAll(/^#{1,6} (.+)$/gm)
  const plain = Array.from(headings, ([, heading = '']) => heading.replace(/[`*]|\]\([^)]*\)|\[/g, ''))
  return new Set(
    plain.map(each =>
      each
        .toLowerCase()
        .replace(/[^\p{L}\p{N}\s_-]/gu, '')
        .trim()
        .replace(/\s/g, '-')
    )
  )
}
