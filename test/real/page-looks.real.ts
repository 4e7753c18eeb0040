// The appearance of pages in a real Chromium: every language, light and dark, narrow and wide, checked by axe.

import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import axe, { type AxeResults, type RunOptions } from 'axe-core'
import type { Page } from 'playwright-core'
import t, { type Test } from 'tap'
import { toBrand } from '../../src/settings/brand.ts'
import { style } from '../../src/web/frame/style.ts'
import { languages } from '../../src/web/words/languages/index.ts'
import { origins, startSetupPages } from './setup-pages.ts'

const pages = await startSetupPages()
t.teardown(() => pages.stop())

// Why few windows and origins: starting a process for each takes longer than all checks in it.
const windows = await Promise.all([openPage(), openPage()])
t.jobs = windows.length
// Why: axe runs 220 times, which takes a minute on an idle machine.
t.setTimeout(600_000)

/** Folder for screenshots. Default: the scratch folder of the test, which is removed. */
const artifacts = process.env.ARTIFACTS ?? join(pages.directory, 'artifacts')
await mkdir(artifacts, { recursive: true })

/** Every page there is, on several devices. Open ones show all their guides. */
const states: readonly State[] = [
  { name: 'start', path: '/?' },
  { name: 'error', path: '/setup?email=jane' },
  { name: 'unknown', path: '/setup?email=jane@nowhere.test' },
  { name: 'missing', path: '/setup/nobody?', isMenuOpen: true },
  { name: 'provider', path: '/setup/everything?' },
  { name: 'foreign', path: '/setup?email=jane@mailbxo.test', origin: origins.seed },
  { name: 'setup', path: '/setup?email=jane@mailbox.org&device=windows', widths: [320, 640, 1280] },
  { name: 'iPhone', path: '/setup?email=jane@everything.test&device=iphone', isOpen: true },
  { name: 'Android', path: '/setup?email=jane@everything.test&device=android', isOpen: true },
  { name: 'Mac', path: '/setup?email=jane@everything.test&device=mac', widths: [320, 1280], isOpen: true },
  {
    name: 'all settings',
    path: '/setup?email=jane@everything.test&device=other',
    widths: [320, 640, 1280],
    isOpen: true
  }
]

const tags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']

for (const { code } of languages) {
  test(`page: in ${code}, axe finds no problems, nothing overflows, and no word is broken`, async (t, page) => {
    for (const state of states) {
      await show(page, state, code)
      t.same(await page.evaluate(unusedRules), [], `${state.name}: every rule of the style is used`)
      t.same(await page.evaluate(missingRules), [], `${state.name}: no rule is missing`)
      // Why: a window of 640 px at 200 % shows 320 px.
      for (const width of state.widths ?? [320]) {
        await page.setViewportSize({ width, height: 800 })
        t.equal(await page.evaluate('document.documentElement.scrollWidth'), width, `${state.name}, ${width} px`)
        t.same(await page.evaluate(misplaced), [], `${state.name}, ${width} px`)
        t.same(await page.evaluate(misprinted), [], `${state.name}, ${width} px`)
      }
      // Why: the menu covers parts of what is below it.
      const rules = { 'target-size': { enabled: state.isMenuOpen !== true } }
      t.same(await violations(page, { runOnly: tags, rules }), [], `${state.name}, light`)
      await page.emulateMedia({ colorScheme: 'dark' })
      // Why: only colours differ.
      t.same(
        await violations(page, { runOnly: { type: 'rule', values: ['color-contrast'] } }),
        [],
        `${state.name}, dark`
      )
      await page.emulateMedia({ colorScheme: 'light' })
    }
  })
}

for (const [code, ...schemes] of [
  ['en', 'light', 'dark'],
  ['ar', 'light', 'dark'],
  ['de', 'light'],
  ['ja', 'light']
] as const) {
  test(`pictures: screenshots of start and setup in ${code}, narrow and wide, are saved`, async (t, page) => {
    for (const state of states.filter(({ name }) => name === 'start' || name === 'setup')) {
      await show(page, state, code)
      for (const colorScheme of schemes) {
        await page.emulateMedia({ colorScheme })
        for (const width of [320, 768, 1280]) {
          await page.setViewportSize({ width, height: 800 })
          const path = join(artifacts, `${state.name}-${code}-${colorScheme}-${width}.png`)
          t.equal(widthOf(await page.screenshot({ path, fullPage: true })), width)
        }
      }
    }
  })
}

test('colours: dark if preferred, with those of the provider', async (t, page) => {
  const seen: unknown[] = []
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme })
    await show(page, { path: '/setup/everything?' }, 'en')
    seen.push(await page.evaluate(background('body')), await page.evaluate(background('button')))
  }
  t.same(seen, ['rgb(244, 246, 248)', 'rgb(122, 31, 92)', 'rgb(20, 24, 29)', 'rgb(175, 121, 157)'])
})

test('colours: more contrast if preferred', async (t, page) => {
  await show(page, { path: '/?' }, 'en')
  const hint = "getComputedStyle(document.querySelector('#hint')).color"
  t.equal(await page.evaluate(hint), 'rgb(86, 96, 107)')
  await page.emulateMedia({ contrast: 'more' })
  t.equal(await page.evaluate(hint), 'rgb(26, 32, 39)')
})

test('colours: fields, buttons and choices keep their borders in those of the system', async (t, page) => {
  await page.emulateMedia({ forcedColors: 'active' })
  await show(page, { path: '/setup/everything?' }, 'en')
  t.same(
    await page.evaluate(`[...document.querySelectorAll('input:not([type=hidden]), .main, .choices a')]
      .filter(it => parseFloat(getComputedStyle(it).borderTopWidth) < 1).map(it => it.outerHTML)`),
    []
  )
})

test('motion: the page has no animations', async (t, page) => {
  await show(page, { path: '/setup?email=jane@everything.test&device=iphone', isOpen: true }, 'en')
  t.same(
    await page.evaluate(`[...document.querySelectorAll('*')].filter(it => {
      const { animationName, transitionDuration, scrollBehavior } = getComputedStyle(it)
      return animationName !== 'none' || transitionDuration !== '0s' || scrollBehavior !== 'auto'
    }).map(it => it.outerHTML.slice(0, 80))`),
    []
  )
})

interface State {
  name?: string
  path: string
  /** Default: a host without a provider. */
  origin?: string
  /** In CSS pixels. */
  widths?: readonly number[]
  isOpen?: boolean
  /** Whether the menu of languages is open. */
  isMenuOpen?: boolean
}

async function openPage(): Promise<Page> {
  const { page } = await pages.open()
  await page.context().addInitScript(axe.source)
  return page
}

/** A test with its own window, which has no preferences. */
function test(name: string, look: (t: Test, page: Page) => Promise<void>): void {
  t.test(name, { buffered: true }, async t => {
    const page = windows.pop()
    if (page === undefined) throw new Error('more tests run than there are windows')
    t.teardown(() => windows.push(page))
    await page.emulateMedia({ colorScheme: 'light', contrast: 'no-preference', forcedColors: 'none' })
    await look(t, page)
  })
}

async function show(page: Page, state: State, language: string): Promise<void> {
  const { path, origin = origins.neutral, isOpen = false, isMenuOpen = false } = state
  await page.goto(`${origin}${path}&lang=${language}`)
  if (isOpen) await page.evaluate(openAll)
  if (isMenuOpen) await page.locator('.lang summary').click()
}

/** Opens everything that is folded, and shows all guides. */
const openAll = `
for (const details of document.querySelectorAll('details:not(.lang)')) details.open = true
for (const guide of document.querySelectorAll('.guide')) guide.style.display = 'block'`

/** Spec: PNG 11.2.1: IHDR is the first chunk, and begins with the width. */
function widthOf(picture: Buffer): number {
  return picture.readUInt32BE(16)
}

/** @returns the findings of axe with their elements */
async function violations(page: Page, options: RunOptions): Promise<string[]> {
  const argument = JSON.stringify({ ...options, resultTypes: ['violations'] })
  const results = await page.evaluate<AxeResults>(`axe.run(document, ${argument})`)
  return results.violations.flatMap(({ id, help, nodes }) => nodes.map(({ html }) => `${id}: ${help}: ${html}`))
}

function background(selector: string): string {
  return `getComputedStyle(document.querySelector('${selector}')).backgroundColor`
}

/** Functions for expressions: the selectors of all rules, and whether one matches an element in some state. */
const selectors = `
const rulesOf = ({ cssRules }) => [...cssRules].flatMap(rule => rule.selectorText ? [rule] : rule.cssRules ? rulesOf(rule) : [])
const selectorsOf = sheet => rulesOf(sheet).flatMap(({ selectorText }) => {
  const list = ['']
  let depth = 0
  for (const sign of selectorText) {
    depth += { '(': 1, ')': -1 }[sign] ?? 0
    if (sign === ',' && depth === 0) list.push('')
    else list[list.length - 1] += sign
  }
  return list.map(each => each.trim())
})
const states = /:not\\((?:[^()]|\\([^()]*\\))*\\)|::?(?:before|after|placeholder|hover|focus(?:-visible)?|target|root)|:first-child|:last-child|:nth-(?:child|of-type)\\(\\d\\)|\\[open\\]|\\.done/g
const matches = selector => document.querySelector(selector.replace(states, ':is(*)')) !== null`

/** Selectors of the style that match no element. */
const unusedRules = `(() => {${selectors}
  return selectorsOf(document.styleSheets[0]).filter(selector => !matches(selector))
})()`

/** Selectors that match an element, but are left out of the style. */
const missingRules = `(() => {${selectors}
  const all = new CSSStyleSheet()
  all.replaceSync(${JSON.stringify(style(toBrand({}, undefined)).html)})
  const present = new Set(selectorsOf(document.styleSheets[0]))
  return selectorsOf(all).filter(selector => !present.has(selector) && matches(selector))
})()`

/** Elements that extend beyond the window. */
const misplaced = `[...document.body.querySelectorAll('*')].filter(it => {
  const { left, right } = it.getBoundingClientRect()
  return !it.closest('.skip, thead') && it.checkVisibility() && (left < -1 || right > innerWidth + 1)
}).map(it => it.outerHTML.slice(0, 80))`

/** Text that overflows its cell, button or paragraph, and broken words, except in values. */
const misprinted = `(() => {
  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT)
  const range = document.createRange()
  const found = []
  while (texts.nextNode()) {
    const { data, parentElement } = texts.currentNode
    if (parentElement.closest('.skip, script, svg')) continue
    range.selectNodeContents(texts.currentNode)
    const place = parentElement.closest('td, th, li, p, caption, label, summary, button, a, h1, h2, h3, body')
    const { left, right } = place.getBoundingClientRect()
    if ([...range.getClientRects()].some(line => line.left < left - 1 || line.right > right + 1)) found.push(data)
    // Why: Japanese text may be broken anywhere, and a value may be longer than a line.
    if (document.documentElement.lang === 'ja' || parentElement.closest('code, bdi, a[dir]')) continue
    for (const { 0: word, index } of data.matchAll(/[^\\s\\u00ad\\-\\/–—]+/g)) {
      range.setStart(texts.currentNode, index)
      range.setEnd(texts.currentNode, index + word.length)
      if (new Set([...range.getClientRects()].map(({ top }) => Math.round(top))).size > 1) found.push(word)
    }
  }
  return found
})()`
