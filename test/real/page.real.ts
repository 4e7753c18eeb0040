import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { BrowserContextOptions, Locator, Page } from 'playwright-core'
import t, { type Test } from 'tap'
import { programsOf } from '../../src/web/devices/programs-of-device.ts'
import { en } from '../../src/web/words/languages/en.ts'
import { languages } from '../../src/web/words/languages/index.ts'
import type { Window } from './chromium.ts'
import { run } from './program.ts'
import { origins, startSetupPages } from './setup-pages.ts'

// Using the pages in a real Chromium: with mouse and keyboard, with and without JavaScript, on paper.

const { seed, everything, neutral } = origins
const janesPage = `${seed}/setup?email=jane%40mailbox.org&lang=en`
const everythingPage = `${everything}/setup?email=jane%40everything.test&lang=en`

const pages = await startSetupPages()
t.teardown(() => pages.stop())
// Why: a busy machine draws slowly.
t.setTimeout(600_000)

async function open(t: Test, url: string, options?: BrowserContextOptions): Promise<Window> {
  const window = await pages.open(options)
  t.teardown(() => window.close())
  await window.page.goto(url)
  return window
}

t.test('form: an address and Enter lead to its settings', async t => {
  const { page } = await open(t, `${seed}/`)
  await submit(page, 'jane@mailbox.org')
  t.equal(page.url(), `${seed}/setup?lang=en&email=jane%40mailbox.org`)
  t.equal(await headingOf(page), 'Email settings for jane@mailbox.org')
  await page.getByRole('link', { name: en.setup.allSettings }).click()
  const tls = `${en.security.tls}\n${en.securityMeaning.tls}`
  const starttls = `${en.security.starttls}\n${en.securityMeaning.starttls}`
  t.same(await tableOf(page, en.servers.incoming), [
    ['IMAP recommended', 'imap.mailbox.org', '993', tls, 'Password'],
    ['POP3 alternative', 'pop3.mailbox.org', '995', tls, 'Password']
  ])
  t.same(await tableOf(page, en.servers.outgoing), [
    ['SMTP recommended', 'smtp.mailbox.org', '465', tls, 'Password'],
    ['SMTP alternative', 'smtp.mailbox.org', '587', starttls, 'Password']
  ])
})

t.test('form: an invalid address is shown again, with an error that belongs to the field', async t => {
  const { page } = await open(t, `${seed}/`)
  const answer = await submit(page, 'jane')
  t.equal(answer?.status(), 400)
  const field = page.getByLabel(en.start.label)
  t.equal(await field.inputValue(), 'jane')
  t.equal(await field.getAttribute('aria-invalid'), 'true')
  t.match(await descriptionOf(page, field), en.start.notAnAddress)
  t.equal(await page.getByRole('alert').textContent(), en.start.notAnAddress)
  t.ok(await isFocused(field), 'the field has the focus')
  await submit(page, 'jane@mailbox.org')
  t.equal(await headingOf(page), 'Email settings for jane@mailbox.org')
})

t.test('form: an unserved domain gets 404 with instructions', async t => {
  const { page } = await open(t, `${neutral}/`)
  const answer = await submit(page, 'jane@nowhere.test')
  t.equal(answer?.status(), 404)
  t.equal(await headingOf(page), en.unknown.title)
  const [main = ''] = await page.getByRole('main').allInnerTexts()
  for (const text of [en.unknown.lead.replace('{domain}', 'nowhere.test'), ...en.unknown.steps]) t.match(main, text)
  t.equal(await page.getByLabel(en.start.label).inputValue(), 'jane@nowhere.test')
})

t.test('page: two mailboxes of a domain differ only by the address', async t => {
  const [jane, paul] = await Promise.all(
    ['jane', 'paul'].map(async name => {
      const { page } = await open(t, `${seed}/`)
      const answer = await page.goto(`${seed}/setup?email=${name}@mailbox.org`)
      const { date, 'content-length': _, ...headers } = (await answer?.allHeaders()) ?? {}
      const text = (await page.locator('body').textContent()) ?? ''
      return { status: answer?.status(), headers, text: text.replaceAll(name, 'NAME') }
    })
  )
  t.equal(jane?.status, 200)
  t.match(jane?.text, 'NAME@mailbox.org')
  t.same(jane, paul)
})

t.test('page: loads no other resource, sets no cookie, and complies with its own policy', async t => {
  const window = await open(t, `${seed}/?lang=en`)
  const { page } = window
  t.same(window.requested(), [`${seed}/?lang=en`])
  await page.getByLabel(en.start.label).pressSequentially('jane@mailbox.org')
  t.same(window.requested(), [])
  await page.keyboard.press('Enter')
  await page.waitForURL('**/setup?**')
  t.same(window.requested(), [`${seed}/setup?lang=en&email=jane%40mailbox.org`])
  await openAll(page)
  await copyButtons(page).first().click()
  t.same(window.requested(), [])
  await page.locator('.lang summary').click()
  await page.getByRole('link', { name: 'Deutsch' }).click()
  await page.waitForURL('**&lang=de')
  t.same(window.requested(), [`${seed}/setup?email=jane%40mailbox.org&lang=de`])
  for (const path of ['/setup/mailbox.org', '/setup/none', '/setup?email=jane', '/setup?email=jane@nowhere.test']) {
    await page.goto(`${neutral}${path}`)
    t.same(window.requested(), [`${neutral}${path}`])
  }
  t.same(await page.context().cookies(), [])
  t.same(
    window.complaints().filter(text => !/status of 40[04]/.test(text)),
    []
  )
})

t.test('guides: each program of the device is reached by Tab, and Enter shows its guide alone', async t => {
  const { page } = await open(t, everythingPage)
  const programs = page.locator('#programs .choices a')
  t.equal(await programs.count(), programsOf.linux.length)
  for (const [at, id] of programsOf.linux.entries()) {
    await page.getByRole('heading', { name: en.programs.heading }).click()
    for (let stops = 0; stops <= at; stops++) await page.keyboard.press('Tab')
    t.ok(await isFocused(programs.nth(at)), `${id} has the focus`)
    await page.keyboard.press('Enter')
    await page.waitForURL(`**#${id}`)
    t.same(await shownGuides(page), [id])
    const weights = await page.evaluate<boolean[]>(
      "[...document.querySelectorAll('#programs .choices a')].map(link => Number(getComputedStyle(link).fontWeight) > 600)"
    )
    t.same(
      weights,
      programsOf.linux.map(each => each === id),
      `${id} is marked`
    )
  }
})

t.test('guides: the first one is shown by default, or none if a profile does everything', async t => {
  const { page } = await open(t, everythingPage)
  t.same(await shownGuides(page), ['thunderbird'])
  await page.goto(`${everythingPage}#servers`)
  t.same(await shownGuides(page), ['thunderbird'], 'other sections do not affect it')
  await page.goto(`${everythingPage}&device=mac`)
  t.same(await shownGuides(page), [])
  await page.goto(`${everythingPage}&device=mac#spark`)
  t.same(await shownGuides(page), ['spark'])
})

t.test('sections: a click opens and closes a folded section', async t => {
  const { page } = await open(t, everythingPage)
  for (const accordion of await page.locator('#profile details, #codes details').all()) {
    const inside = accordion.locator('> :not(summary)').first()
    t.notOk(await inside.isVisible())
    await accordion.locator('summary').click()
    t.ok(await inside.isVisible())
    await accordion.locator('summary').click()
    t.notOk(await inside.isVisible())
  }
  for (const { id, heading } of [
    { id: 'servers', heading: en.servers.heading },
    { id: 'services', heading: en.services.heading }
  ]) {
    const tables = page.locator(`#${id}`).getByRole('table')
    t.equal(await tables.count(), 0, `${id} is folded`)
    await page.getByRole('link', { name: heading, exact: true }).click()
    await page.waitForURL(`**#${id}`)
    t.ok((await tables.count()) > 0, `${id} is open`)
  }
})

t.test('menu of languages: Esc and a click elsewhere close it, and nothing moves', async t => {
  const { page } = await open(t, janesPage, { viewport: { width: 390, height: 844 } })
  const menu = page.locator('.lang')
  const links = menu.getByRole('link')
  const placeOf = async () => (await page.getByRole('heading', { level: 1 }).boundingBox())?.y
  const before = await placeOf()
  for (const close of [
    () => page.keyboard.press('Escape'),
    () => page.getByRole('heading', { level: 1 }).click(),
    () => menu.locator('summary').click()
  ]) {
    await menu.locator('summary').click()
    t.equal(await links.count(), languages.length)
    t.equal(await placeOf(), before)
    t.equal(await menu.locator('[aria-current]').textContent(), en.name)
    await close()
    t.equal(await links.count(), 0)
  }
  await menu.locator('summary').click()
  await page.keyboard.press('Escape')
  t.ok(await isFocused(menu.locator('summary')), 'the focus returns')
  await page.goto(`${seed}/?lang=en`)
  await menu.locator('summary').click()
  await page.keyboard.press('Escape')
  t.equal(await links.count(), 0, 'on the start page, too')
})

t.test('targets: all links and buttons are at least 44 px high and wide', async t => {
  for (const path of ['&device=iphone#servers', '&device=android#gmail', '&device=other']) {
    const { page } = await open(t, `${everythingPage}${path}`, { viewport: { width: 390, height: 844 } })
    await openAll(page)
    for (const target of await page.locator(':is(a:not(.skip), button, summary, input):visible').all()) {
      const box = await target.boundingBox()
      t.ok((box?.height ?? 0) >= 44 && (box?.width ?? 0) >= 44, `${await target.textContent()}`)
    }
  }
})

for (const width of [1280, 320]) {
  t.test(`keyboard: at ${width} px, every focused element is visible and has a focus indicator`, async t => {
    const { page } = await open(t, everythingPage, { viewport: { width, height: 700 } })
    const stops: string[] = []
    for (let stop = await nextStop(page); stop !== undefined; stop = await nextStop(page)) {
      t.ok(stop.isSeen && stop.isMarked, stop.name)
      stops.push(stop.name)
    }
    t.equal(stops[0], en.frame.skip)
    t.equal(stops.at(-1), en.frame.print)
    t.equal(stops.filter(name => name.startsWith(en.frame.copy)).length, await copyButtons(page).count())
    for (const { heading } of [en.servers, en.services]) t.ok(stops.includes(heading))
    for (const name of ['Android', en.setup.allSettings, 'Evolution']) t.ok(stops.includes(name), name)
  })
}

t.test('keyboard: the first element skips to the content', async t => {
  const { page } = await open(t, `${seed}/?lang=en`)
  await page.keyboard.press('Tab')
  await page.keyboard.press('Enter')
  t.match(page.url(), /#main$/)
  await page.keyboard.press('Tab')
  t.ok(await isFocused(page.getByLabel(en.start.label)))
})

t.test('page: scrolls as a whole, and no part of it scrolls separately', async t => {
  const { page } = await open(t, everythingPage, { viewport: { width: 320, height: 480 } })
  await openAll(page)
  t.same(
    await page.evaluate(`[...document.body.querySelectorAll('*')].flatMap(it => {
      const { overflowX, overflowY } = getComputedStyle(it)
      return [overflowX, overflowY].some(flow => flow === 'auto' || flow === 'scroll') ? [it.outerHTML.slice(0, 60)] : []
    })`),
    []
  )
})

t.test(
  'without JavaScript: the form works, everything is readable, and there are no controls that do not work',
  async t => {
    const { page } = await open(t, `${seed}/`, { javaScriptEnabled: false })
    await submit(page, 'jane@mailbox.org')
    const withJavaScript = await open(t, page.url())
    t.equal(await copyButtons(page).count(), 0)
    t.equal(await page.getByRole('button', { name: en.frame.print }).count(), 0)
    await Promise.all([openAll(page), openAll(withJavaScript.page)])
    const [bare, scripted] = [page, withJavaScript.page].map(each => each.getByRole('main').allInnerTexts())
    t.same(await bare, await scripted)
    await page.getByRole('link', { name: 'Deutsch' }).click()
    await page.waitForURL('**&lang=de')
  }
)

t.test('with JavaScript: each value has a button that copies exactly this value, and confirms it briefly', async t => {
  const { page } = await open(t, 'about:blank', { permissions: ['clipboard-read', 'clipboard-write'] })
  await page.clock.install()
  await page.goto(`${janesPage}#servers`)
  const status = page.getByRole('status')
  const copied: unknown[] = []
  for (const button of await copyButtons(page).all()) {
    await button.click()
    const value = await page.evaluate('navigator.clipboard.readText()')
    t.equal(await status.textContent(), `${en.frame.copied} ${value}`)
    copied.push(value)
    await page.clock.runFor(1500)
  }
  const outgoing = ['smtp.mailbox.org', '465', 'smtp.mailbox.org', '587']
  t.same(copied, ['jane@mailbox.org', 'imap.mailbox.org', '993', 'pop3.mailbox.org', '995', ...outgoing])
  t.equal(await status.textContent(), `${en.frame.copied} 587`)
  await page.clock.runFor(1000)
  t.equal(await status.textContent(), '')
})

t.test('languages: ?lang= decides, then the preference of the browser', async t => {
  const { page } = await open(t, `${seed}/`)
  const browser = await page.context().newCDPSession(page)
  const userAgent = await page.evaluate('navigator.userAgent')
  for (const { code, direction, start } of languages) {
    await browser.send('Emulation.setUserAgentOverride', { userAgent: String(userAgent), acceptLanguage: code })
    await page.goto(`${seed}/`)
    t.same(await languageOf(page), { lang: code, dir: direction })
    t.equal(await headingOf(page), start.title)
  }
  await page.goto(`${seed}/?lang=ja`)
  t.same(await languageOf(page), { lang: 'ja', dir: 'ltr' })
})

t.test('languages: the menu consists of links that keep the address', async t => {
  const { page } = await open(t, janesPage)
  let { language } = en.frame
  for (const { code, name, direction, frame, start } of [...languages.slice(1), en]) {
    await page.getByRole('navigation', { name: language }).locator('summary').click()
    await page.getByRole('link', { name, exact: true }).click()
    await page.waitForURL(`${seed}/setup?email=jane%40mailbox.org&lang=${code}`)
    t.same(await languageOf(page), { lang: code, dir: direction })
    t.match(await headingOf(page), 'jane@mailbox.org')
    t.not(await headingOf(page), start.title)
    language = frame.language
  }
})

for (const deviceScaleFactor of [1, 2]) {
  t.test(
    `codes: both contain the text on the page, read from a screen with ${deviceScaleFactor} dots per pixel`,
    async t => {
      const { page } = await open(t, janesPage, { deviceScaleFactor })
      for (const { media, address } of [
        { media: { colorScheme: 'light' }, address: 'jane@mailbox.org' },
        { media: { colorScheme: 'dark' }, address: `${'x'.repeat(64)}@mailbox.org` },
        { media: { forcedColors: 'active' }, address: 'jane@mailbox.org' }
      ] as const) {
        await page.emulateMedia(media)
        await page.goto(`${seed}/setup?email=${address}&lang=en`)
        for (const name of [en.qr.appleAlt, en.qr.thunderbirdAlt]) {
          const code = page.getByRole('img', { name, exact: true })
          const text = await page.locator('figure').filter({ has: code }).locator('code').textContent()
          t.match(text, address.replace('@', name === en.qr.appleAlt ? '%40' : '@'))
          t.equal(await read(code), text, `${name}, ${Object.values(media)}`)
        }
      }
    }
  )
}

t.test('paper: the settings fit on one A4 page in every language, without steps for programs', async t => {
  const { page } = await open(t, janesPage)
  for (const { code, setup } of languages) {
    await page.goto(`${seed}/setup?email=jane%40mailbox.org&lang=${code}`)
    await openAll(page)
    const { facts, text } = await printed(page)
    t.match(facts, /^Pages: +1$/m, code)
    t.match(facts, /^Page size: .*A4/m, code)
    for (const value of ['jane@mailbox.org', 'imap.mailbox.org', '993', 'pop3.mailbox.org', '995']) t.match(text, value)
    for (const value of ['smtp.mailbox.org', '465', '587', 'SSL/TLS', 'STARTTLS']) t.match(text, value)
    t.notMatch(text, 'Evolution', code)
    t.notMatch(text, setup.another, code)
  }
})

t.test('paper: a provider with every server, service and link fits on one A4 page, too', async t => {
  const { page } = await open(t, everythingPage)
  for (const { code } of languages) {
    await page.goto(`${everything}/setup?email=jane%40everything.test&lang=${code}`)
    const { facts, text } = await printed(page)
    t.match(facts, /^Pages: +1$/m, code)
    for (const value of ['imap.everything.test', '143', 'pop3.everything.test', 'smtp.everything.test'])
      t.match(text, value)
    for (const path of ['/calendars/', '/addressbooks/', '/files/', '/session', 'sieve.everything.test'])
      t.match(text, path)
    t.match(text, 'help.everything.test')
    t.notMatch(text, 'Evolution', code)
  }
})

/** Types into the form and presses Enter. @returns the response */
async function submit(page: Page, address: string) {
  await page.getByLabel(en.start.label).fill(address)
  const [answer] = await Promise.all([page.waitForNavigation(), page.keyboard.press('Enter')])
  return answer
}

/** @returns the ids of the guides that can be seen */
function shownGuides(page: Page): Promise<string[]> {
  return page.locator('.guide:visible').evaluateAll(guides => guides.map(({ id }) => id))
}

function headingOf(page: Page): Promise<string | null> {
  return page.getByRole('heading', { level: 1 }).textContent()
}

function languageOf(page: Page): Promise<unknown> {
  return page.evaluate('({ lang: document.documentElement.lang, dir: document.documentElement.dir })')
}

/** @returns the texts of a table, row by row, without its headings */
async function tableOf(page: Page, name: string): Promise<string[][]> {
  const rows = await page.getByRole('table', { name }).getByRole('row').all()
  return Promise.all(rows.slice(1).map(row => row.locator('th, td').allInnerTexts()))
}

function copyButtons(page: Page): Locator {
  return page.getByRole('button', { name: new RegExp(`^${en.frame.copy} `) })
}

async function isFocused(element: Locator): Promise<boolean> {
  return (await element.and(element.page().locator(':focus')).count()) === 1
}

async function openAll(page: Page): Promise<void> {
  await page.evaluate("for (const details of document.querySelectorAll('details')) details.open = true")
}

/** @returns the description of a field that screen readers announce after name and value */
async function descriptionOf(page: Page, field: Locator): Promise<string> {
  const ids = (await field.getAttribute('aria-describedby'))?.split(' ') ?? []
  const texts = await Promise.all(ids.map(id => page.locator(`#${id}`).textContent()))
  return texts.join(' ')
}

interface Stop {
  name: string
  isSeen: boolean
  isMarked: boolean
}

/** Presses Tab. @returns the focused element; undefined after the last one */
function nextStop(page: Page): Promise<Stop | undefined> {
  return page.keyboard.press('Tab').then(() =>
    page.evaluate<Stop | undefined>(`(() => {
      const it = document.activeElement
      if (it === document.body) return undefined
      const { top, bottom, left, right, width, height } = it.getBoundingClientRect()
      const { outlineStyle, outlineWidth } = getComputedStyle(it)
      const isWithin = top > -1 && left > -1 && right < innerWidth + 1 && bottom < innerHeight + 1
      return {
        name: it.getAttribute('aria-label') ?? it.innerText,
        isSeen: width > 0 && height > 0 && isWithin,
        isMarked: outlineStyle === 'solid' && parseFloat(outlineWidth) >= 2
      }
    })()`)
  )
}

/** @returns the content of a QR code on the screen */
async function read(code: Locator): Promise<string> {
  const picture = join(pages.directory, 'code.png')
  await code.screenshot({ path: picture })
  const { output } = await run('zbarimg', ['--nodbus', '--quiet', '--raw', picture])
  return output.trimEnd()
}

async function printed(page: Page): Promise<{ facts: string; text: string }> {
  const file = join(pages.directory, 'printed.pdf')
  await writeFile(file, await page.pdf({ preferCSSPageSize: true }))
  const [facts, text] = await Promise.all([run('pdfinfo', [file]), run('pdftotext', ['-layout', file, '-'])])
  return { facts: facts.output, text: text.output }
}
