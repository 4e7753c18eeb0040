// The setup page on the devices of its visitors: Chromium says that it is an iPhone, a Pixel, a Windows computer or a Mac.

import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { type BrowserContextOptions, type Page, devices as profiles } from 'playwright-core'
import t, { type Test } from 'tap'
import { devices } from '../../src/web/devices/choose-device.ts'
import { programsOf } from '../../src/web/devices/programs-of-device.ts'
import { ar } from '../../src/web/words/languages/ar.ts'
import { de } from '../../src/web/words/languages/de.ts'
import { en } from '../../src/web/words/languages/en.ts'
import type { Window } from './chromium.ts'
import { run } from './program.ts'
import { origins, startSetupPages } from './setup-pages.ts'

const { seed } = origins
const janesPage = `${seed}/setup?email=jane%40mailbox.org`

const pages = await startSetupPages()
t.teardown(() => pages.stop())
// Why: a busy machine draws slowly.
t.setTimeout(600_000)

/** Folder for screenshots. Default: the scratch folder of the test, which is removed. */
const artifacts = process.env.ARTIFACTS ?? join(pages.directory, 'artifacts')
await mkdir(artifacts, { recursive: true })

interface Identity {
  /** The device that a page explains. */
  readonly device: 'iphone' | 'android' | 'windows' | 'mac'
  readonly options: BrowserContextOptions
}

const phone = { isMobile: true, hasTouch: true } as const

const identities: readonly Identity[] = [
  {
    device: 'iphone',
    options: { ...phone, userAgent: userAgentOf('iPhone 15'), viewport: { width: 390, height: 844 } }
  },
  {
    device: 'android',
    options: { ...phone, userAgent: userAgentOf('Pixel 7'), viewport: { width: 412, height: 915 } }
  },
  {
    device: 'windows',
    options: { userAgent: userAgentOf('Desktop Chrome'), viewport: { width: 1280, height: 800 } }
  },
  { device: 'mac', options: { userAgent: userAgentOf('Desktop Safari'), viewport: { width: 1280, height: 800 } } }
]

function userAgentOf(name: string): string {
  const userAgent = profiles[name]?.userAgent
  if (userAgent === undefined) throw new Error(`${name} is unknown`)
  return userAgent
}

async function open(t: Test, url: string, options: BrowserContextOptions): Promise<Window> {
  const window = await pages.open(options)
  t.teardown(() => window.close())
  await window.page.goto(url)
  return window
}

for (const { device, options } of identities) {
  t.test(`${device}: the first steps are visible without scrolling, in three languages, light and dark`, async t => {
    const { page } = await open(t, `${janesPage}&lang=en`, options)
    for (const { code } of [en, de, ar]) {
      await page.goto(`${janesPage}&lang=${code}`)
      t.equal(await currentDevice(page), device)
      for (const colorScheme of ['light', 'dark'] as const) {
        await page.emulateMedia({ colorScheme })
        for (const selector of firstActions[device]) t.ok(await isInWindow(page, selector), `${code}: ${selector}`)
        await page.screenshot({ path: join(artifacts, `${device}-${code}-${colorScheme}.png`) })
      }
    }
  })

  t.test(`${device}: a visitor without JavaScript finds everything`, async t => {
    const { page } = await open(t, `${seed}/?lang=en`, { ...options, javaScriptEnabled: false })
    await page.getByLabel(en.start.label).fill('jane@mailbox.org')
    await Promise.all([page.waitForURL('**/setup?**'), page.keyboard.press('Enter')])
    for (const id of programsOf[device].filter(id => id !== 'davx5')) {
      await page.locator(`#programs .choices a[href$="#${id}"]`).click()
      await page.waitForURL(`**#${id}`)
      t.same(await shownGuides(page), [id])
      t.ok((await page.locator(`#${id} li`).count()) >= 3, `${id} has steps`)
    }
    await page.getByRole('link', { name: en.setup.allSettings }).click()
    t.match(await page.getByRole('table', { name: en.servers.incoming }).textContent(), 'imap.mailbox.org')
    for (const other of devices) {
      await page.locator(`.devices a[href*="device=${other}&"]`).click()
      await page.waitForURL(`**device=${other}&lang=en`)
      t.equal(await currentDevice(page), other)
    }
    t.ok(
      await page.getByRole('table', { name: en.servers.outgoing }).isVisible(),
      'all settings are open on an unknown device'
    )
    await page.locator('.lang summary').click()
    await page.getByRole('link', { name: 'Deutsch' }).click()
    await page.waitForURL('**device=other&lang=de')
    t.same(await page.context().cookies(), [])
  })

  t.test(`${device}: codes are shown only where another device can photograph them`, async t => {
    const { page } = await open(t, `${janesPage}&lang=en`, options)
    const isPhone = options.isMobile === true
    for (const other of devices) {
      await page.goto(`${janesPage}&lang=en&device=${other}`)
      const names = [
        ...(other === 'android' ? [] : [en.qr.appleAlt]),
        ...(other === 'iphone' ? [] : [en.qr.thunderbirdAlt])
      ]
      t.equal(await page.locator('figure svg:visible').count(), isPhone ? 0 : names.length, other)
      if (isPhone) continue
      for (const name of names) t.equal(await read(page, name), await textBeside(page, name), `${other}: ${name}`)
    }
    if (!isPhone) return
    await page.goto(`${janesPage}&lang=en&device=android`)
    t.notOk(
      await page.locator('#codes').isVisible(),
      'the text of the code is hidden, too, because no program on a phone can read it'
    )
    t.ok(await page.locator('#thunderbirdAndroid').isVisible(), 'the steps without a code are shown')
    await page.setViewportSize({ width: 915, height: 412 })
    t.equal(await page.locator('figure svg:visible').count(), 0, 'in landscape format, too')
  })
}

t.test('iphone: the button downloads the profile', async t => {
  const [iPhone] = identities
  const { page } = await open(t, `${janesPage}&lang=en`, { ...iPhone?.options, javaScriptEnabled: false })
  const [download] = await Promise.all([page.waitForEvent('download'), page.locator('#profile .main').click()])
  t.match(download.suggestedFilename(), /\.mobileconfig$/)
})

t.test(
  'foreign domain: only the question and both answers are shown, and they are visible without scrolling',
  async t => {
    for (const { device, options } of identities) {
      const { page } = await open(t, `${seed}/?lang=de`, { ...options, javaScriptEnabled: false })
      await page.getByLabel(de.start.label).fill('jane@mailbxo.example')
      await Promise.all([page.waitForURL('**/setup?**'), page.keyboard.press('Enter')])
      for (const selector of ['h1', '#email', '.ask button', '.note .button']) {
        t.ok(await isInWindow(page, selector), `${device}: ${selector}`)
      }
      t.notMatch(await page.getByRole('main').textContent(), 'imap.mailbox.org')
      await page.screenshot({ path: join(artifacts, `foreign-${device}.png`) })
      await page.locator('.note .button').click()
      await page.waitForURL('**confirmed=1**')
      t.equal(await currentDevice(page), device)
    }
  }
)

/** Selectors of the first steps on each page. */
const apple = ['#profile .main', '#profile li']
const choice = ['#programs .choices a', '.guide:nth-child(3) h3']
const firstActions = { iphone: apple, mac: apple, android: choice, windows: choice }

/** @returns whether the first element that matches the selector is completely in the window, and not covered */
function isInWindow(page: Page, selector: string): Promise<boolean> {
  return page.evaluate(`(() => {
    const it = document.querySelector(${JSON.stringify(selector)})
    const { top, bottom, left, right } = it.getBoundingClientRect()
    const isInside = scrollY === 0 && top >= 0 && left >= 0 && bottom <= innerHeight && right <= innerWidth
    return isInside && it.contains(document.elementFromPoint((left + right) / 2, (top + bottom) / 2))
  })()`)
}

async function currentDevice(page: Page): Promise<string | undefined> {
  const href = await page.locator('.devices a[aria-current]').getAttribute('href')
  return /device=(\w+)/.exec(href ?? '')?.[1]
}

function shownGuides(page: Page): Promise<string[]> {
  return page.locator('.guide:visible').evaluateAll(guides => guides.map(({ id }) => id))
}

function textBeside(page: Page, name: string): Promise<string | null> {
  const code = page.getByRole('img', { name, exact: true })
  return page.locator('figure').filter({ has: code }).locator('code').textContent()
}

/** @returns the content of a QR code on the screen */
async function read(page: Page, name: string): Promise<string> {
  const picture = join(pages.directory, 'code.png')
  await page.getByRole('img', { name, exact: true }).screenshot({ path: picture })
  const { output } = await run('zbarimg', ['--nodbus', '--quiet', '--raw', picture])
  return output.trimEnd()
}
