// What the pages for people look like, in a real Chromium: every language, light and dark, narrow and wide, judged by axe.

import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import axe, { type AxeResults, type RunOptions } from 'axe-core'
import type { Page } from 'playwright-core'
import t from 'tap'
import { languages } from '../../src/web/languages/index.ts'
import { origins, startSetupPages } from './setup-pages.ts'

const { seed, everything, neutral } = origins

const pages = await startSetupPages()
t.teardown(() => pages.stop())

/** Where pictures for people to look at are kept. Default: with the other files of the test, which go with it. */
const artifacts = process.env.ARTIFACTS ?? join(pages.directory, 'artifacts')
await mkdir(artifacts, { recursive: true })

/** Every page there is, and the two that change most when they are unfolded. */
const states = [
  { name: 'start', url: `${seed}/?` },
  { name: 'error', url: `${seed}/setup?email=jane` },
  { name: 'unknown', url: `${neutral}/setup?email=jane@nowhere.test` },
  { name: 'missing', url: `${neutral}/setup/nobody?` },
  { name: 'setup', url: `${seed}/setup?email=jane@mailbox.org` },
  { name: 'provider', url: `${everything}/setup/everything?` },
  { name: 'setup, all open', url: `${everything}/setup?email=jane@everything.test`, isOpen: true }
]

async function show(page: Page, { url, isOpen = false }: (typeof states)[number], language: string): Promise<void> {
  await page.goto(`${url}&lang=${language}`)
  if (isOpen) await page.evaluate("for (const details of document.querySelectorAll('details')) details.open = true")
}

const tags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']

// Why: 320 px are also what a window of 640 px shows at 200 %, with two dots a pixel.
const widths = [320, 640, 1280]

for (const { code } of languages) {
  t.test(`page: in ${code} axe finds nothing, nothing runs out of its place, no word is broken`, async t => {
    const { page, close } = await pages.open({ deviceScaleFactor: 2 })
    await page.context().addInitScript(axe.source)
    for (const state of states) {
      await show(page, state, code)
      for (const width of widths) {
        await page.setViewportSize({ width, height: 800 })
        t.equal(await page.evaluate('document.documentElement.scrollWidth'), width, `${state.name}, ${width} px`)
        t.same(await page.evaluate(misplaced), [], `${state.name}, ${width} px: out of place`)
        // Why: Japanese has no words that a line must not end in.
        if (code !== 'ja') t.same(await page.evaluate(brokenWords), [], `${state.name}, ${width} px: broken`)
      }
      t.same(await violations(page, { runOnly: tags }), [], `${state.name}, light`)
      await page.emulateMedia({ colorScheme: 'dark' })
      // Why: nothing but colours differs.
      t.same(
        await violations(page, { runOnly: { type: 'rule', values: ['color-contrast'] } }),
        [],
        `${state.name}, dark`
      )
      await page.emulateMedia({ colorScheme: 'light' })
    }
    await close()
  })
}

for (const colorScheme of ['light', 'dark'] as const) {
  for (const width of [320, 768, 1280]) {
    t.test(`pictures: ${colorScheme}, ${width} px wide, kept for people to look at`, async t => {
      const { page, close } = await pages.open({ viewport: { width, height: 800 }, colorScheme })
      for (const code of ['en', 'de', 'ja', 'ar']) {
        for (const state of states.filter(({ name }) => ['start', 'setup'].includes(name))) {
          await show(page, state, code)
          const path = join(artifacts, `${state.name}-${code}-${colorScheme}-${width}.png`)
          const picture = await page.screenshot({ path, fullPage: true })
          t.equal(picture.readUInt32BE(16), width)
        }
      }
      await close()
    })
  }
}

t.test('colours: dark where that is preferred, and of the provider', async t => {
  const { page, close } = await pages.open({ colorScheme: 'dark' })
  await page.goto(`${everything}/`)
  const button = page.getByRole('button')
  const [dark, darkButton] = [await page.evaluate(background('body')), await page.evaluate(background('button'))]
  await page.emulateMedia({ colorScheme: 'light' })
  const [light, lightButton] = [await page.evaluate(background('body')), await page.evaluate(background('button'))]
  t.same([dark, light], ['rgb(20, 24, 29)', 'rgb(244, 246, 248)'])
  t.equal(lightButton, 'rgb(122, 31, 92)')
  t.not(darkButton, lightButton)
  t.ok(await button.isVisible())
  await close()
})

t.test('motion: nothing on the page moves', async t => {
  const { page, close } = await pages.open()
  await page.goto(`${everything}/setup?email=jane@everything.test`)
  t.equal(
    await page.evaluate(`[...document.querySelectorAll('*')].filter(it => {
      const { animationName, transitionDuration, scrollBehavior } = getComputedStyle(it)
      return animationName !== 'none' || transitionDuration !== '0s' || scrollBehavior !== 'auto'
    }).length`),
    0
  )
  await close()
})

t.test('colours of the system: fields, buttons and accordions keep their borders', async t => {
  const { page, close } = await pages.open({ forcedColors: 'active' })
  await page.goto(`${everything}/setup/everything`)
  t.same(
    await page.evaluate(`[...document.querySelectorAll('input:not([type=hidden]), .main, #programs details')]
      .filter(it => parseFloat(getComputedStyle(it).borderTopWidth) < 1).map(it => it.outerHTML)`),
    []
  )
  await close()
})

/** @returns what axe finds, each with the element */
async function violations(page: Page, options: RunOptions): Promise<string[]> {
  const asked = JSON.stringify({ ...options, resultTypes: ['violations'] })
  const results = await page.evaluate<AxeResults>(`axe.run(document, ${asked})`)
  return results.violations.flatMap(({ id, help, nodes }) => nodes.map(({ html }) => `${id}: ${help}: ${html}`))
}

function background(selector: string): string {
  return `getComputedStyle(document.querySelector('${selector}')).backgroundColor`
}

/** Boxes that stand out of the window, and text that stands out of its cell, button or paragraph. */
const misplaced = `[...document.body.querySelectorAll('*')].flatMap(it => {
  if (it.closest('.skip, thead, svg, script') || !it.checkVisibility()) return []
  const range = document.createRange()
  range.selectNodeContents(it)
  const boxes = [it.getBoundingClientRect(), ...range.getClientRects()]
  const place = it.closest('td, th, li, p, caption, label, summary, button, main, header, footer').getBoundingClientRect()
  return boxes.some(({ left, right }) => left < Math.max(place.left, 0) - 1 || right > Math.min(place.right, innerWidth) + 1)
    ? [it.outerHTML.slice(0, 80)]
    : []
})`

/** Words that go on in a second line. Not values and addresses, which may be longer than any line. */
const brokenWords = `(() => {
  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT)
  const broken = []
  while (texts.nextNode()) {
    const { data, parentElement } = texts.currentNode
    if (parentElement.closest('code, bdi, script, svg, a[dir], .skip')) continue
    for (const { 0: word, index } of data.matchAll(/[^\\s\\u00ad\\-\\/–—]+/g)) {
      const range = document.createRange()
      range.setStart(texts.currentNode, index)
      range.setEnd(texts.currentNode, index + word.length)
      const lines = new Set([...range.getClientRects()].map(({ top }) => Math.round(top)))
      if (lines.size > 1) broken.push(word)
    }
  }
  return broken
})()`
