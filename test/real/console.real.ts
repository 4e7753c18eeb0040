// The console in a real Chromium, in three worlds: a broken domain, the same domain after its repair, and an empty service.

import { chmod, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import axe from 'axe-core'
import type { Page } from 'playwright-core'
import t, { type Test } from 'tap'
import { issue } from '../support/certificates.ts'
import { startNameServer, type ZoneRecord } from '../support/doctor/name-server.ts'
import { zoneOf } from '../support/doctor/zone-of.ts'
import { tableOf } from '../support/table-of.ts'
import { startChromium, type Window } from './chromium.ts'
import { startMailServers } from './mail-servers.ts'
import { DNS_ADDRESS, WORLD_ADDRESS } from './namespace.ts'
import { startNginx } from './nginx.ts'
import { startPostgres } from './postgres.ts'
import { start } from './program.ts'

const SETTINGS = 'test/real/settings/console.yaml'
const DOMAIN = 'whole.test'
const WEB_HOSTS = [
  DOMAIN,
  ...['autoconfig', 'autodiscover', 'ua-auto-config', 'signpost'].map(host => `${host}.${DOMAIN}`)
]
const MAIL_HOSTS = ['imap', 'pop3', 'smtp'].map(host => `${host}.${DOMAIN}`)
const MAIN = process.env.SIGNPOST_MAIN ?? 'src/main.ts'
const ADMIN = 'http://127.0.0.1:9090'
const PASSWORD = 'hunter2'
/** The maximum for a page. */
const BYTES = 60_000

// Why: a busy machine draws slowly.
t.setTimeout(600_000)
const directory = await mkdtemp(join(tmpdir(), 'console-'))
t.teardown(() => rm(directory, { recursive: true, maxRetries: 5 }))
// Why: the servers run as separate users.
await Promise.all([tmpdir(), directory].map(each => chmod(each, 0o755)))
const artifacts = join(process.env.ARTIFACTS ?? directory, 'console')
await mkdir(artifacts, { recursive: true })
const pictures = process.env.UPDATE_PICTURES === '1' ? 'docs/images' : artifacts

const root = issue('Console Test Root', { ca: true })
const authority = { root: join(directory, 'root.pem'), issue: (hosts: string[]) => certificateFor(hosts, 30) }
await writeFile(authority.root, root.pem)

const settings = await readFile(SETTINGS, 'utf8')
/** Without the directory. */
const emptySettings = settings.replace(/directory:\n(?: .*\n)*/, '')
const zone = zoneOf(tableOf(settings), { domain: DOMAIN, address: WORLD_ADDRESS, hosts: MAIL_HOSTS })
const wrongSrv = {
  name: `_imaps._tcp.${DOMAIN}`,
  type: 'SRV',
  priority: 0,
  weight: 1,
  port: 1993,
  target: `pop3.${DOMAIN}`
} as const

const chromium = await startChromium('127.0.0.1:9090')
t.teardown(() => chromium.stop())

const pages = [
  ['overview', '/'],
  ['search', '/domains?q=test'],
  ['domain', `/domains/${DOMAIN}`],
  ['records', `/domains/${DOMAIN}/dns`],
  ['document', `/domains/${DOMAIN}/documents/thunderbird`],
  ['check', `/check?domain=${DOMAIN}`],
  ['trace', `/trace?address=jane%40${DOMAIN}&program=thunderbird`],
  ['programs', '/programs']
] as const

t.test(
  'console: a broken domain shows which programs fail and what to change, and turns green after the change',
  async t => {
    await startDirectory(t)
    await startSignpost(t, settings, { SIGNPOST_DIRECTORY_PASSWORD: PASSWORD })
    await startMail(t)
    const { page, complaints } = await open(t)

    const wrong = [...zone.filter(({ name, type }) => !(type === 'SRV' && name.startsWith('_imaps.'))), wrongSrv]
    const broken = await startWeb(t, { days: -0.5, zone: wrong, isSoft: true })
    await check(page)
    const text = await textOf(page)
    for (const part of ['certificate.expired', 'Remedy:', 'Affects']) t.match(text, part)
    t.ok((await page.getByText('finds nothing').count()) > 0)
    await page.setViewportSize({ width: 1100, height: 900 })
    await page.screenshot({ path: join(pictures, 'console-check.png') })
    await walk(t, page, 'broken')
    await page.goto(`${ADMIN}/domains/${DOMAIN}/dns`)
    t.match(await textOf(page), 'differs')
    await broken()

    await startWeb(t, { days: 30, zone, isSoft: false })
    await check(page)
    await page.getByText('no problems').waitFor()
    t.equal(await page.getByText('finds nothing').count(), 0)
    await walk(t, page, 'healthy')
    await page.goto(`${ADMIN}/domains/${DOMAIN}`)
    await page.emulateMedia({ colorScheme: 'light' })
    await page.setViewportSize({ width: 1100, height: 1500 })
    await page.screenshot({ path: join(pictures, 'console-domain.png') })

    await page.goto(`${ADMIN}/domains`)
    await page.getByLabel('Domain, or a part of it').fill('customer999999.test')
    await page.keyboard.press('Enter')
    await page.getByRole('link', { name: 'customer999999.test' }).click()
    t.match(await textOf(page), 'found in the directory')
    t.same(complaints(), [])
  }
)

t.test('console: in an empty service', async t => {
  await startSignpost(t, emptySettings)
  await t.test('console: an empty service has pages for everything', emptyPages)
  await t.test('console: everything works with the keyboard', keyboardOnly)
  await t.test('console: a check works without JavaScript, too', withoutScript)
})

async function emptyPages(t: Test): Promise<void> {
  const { page, requested, complaints } = await open(t)
  await walk(t, page, 'empty')
  t.ok(
    requested().every(url => url.startsWith(`${ADMIN}/`)),
    'nothing comes from elsewhere'
  )
  t.same(await page.context().cookies(), [])
  t.same(complaints(), [])

  await page.goto('http://evil.test:9090/')
  t.match(await page.content(), 'AC_FOREIGN_HOST')
}

async function keyboardOnly(t: Test): Promise<void> {
  const { page } = await open(t)
  await page.goto(`${ADMIN}/domains`)
  const stops: string[] = []
  for (let count = 0; count < 9; count++) {
    await page.keyboard.press('Tab')
    stops.push(await page.evaluate<string>('document.activeElement.id || document.activeElement.innerText.trim()'))
    t.ok(
      await page.evaluate('parseFloat(getComputedStyle(document.activeElement).outlineWidth) >= 2'),
      stops.at(-1) ?? ''
    )
  }
  t.same(stops, [
    'Skip to content',
    'Overview',
    'Domains',
    'Check from outside',
    'Trace',
    'Programs',
    'q',
    'Search',
    DOMAIN
  ])
  await page.keyboard.press('Enter')
  await page.waitForURL(`${ADMIN}/domains/${DOMAIN}`)
}

async function withoutScript(t: Test): Promise<void> {
  await startZone(t, [])
  const { page } = await open(t, false)
  await check(page)
  t.match(await textOf(page), 'The domain does not exist.')
}

async function open(t: Test, javaScriptEnabled = true): Promise<Window> {
  const window = await chromium.open({ javaScriptEnabled })
  t.teardown(() => window.close())
  // Why: a busy machine draws slowly.
  window.page.setDefaultTimeout(60_000)
  return window
}

/** @returns the text of the page without its frame */
async function textOf(page: Page): Promise<string> {
  return (await page.getByRole('main').textContent()) ?? ''
}

/** Checks the domain from outside, as a person does. */
async function check(page: Page): Promise<void> {
  await page.goto(`${ADMIN}/check`)
  await page.getByLabel('Domain or address').fill(DOMAIN)
  await page.getByRole('button', { name: 'Check' }).click()
  await page.getByRole('heading', { name: `Result for ${DOMAIN}` }).waitFor()
}

/** Opens every page, narrow and wide, light and dark, and keeps pictures of it. */
async function walk(t: Test, page: Page, world: string): Promise<void> {
  for (const [name, path] of pages) {
    const started = performance.now()
    const response = await fetch(`${ADMIN}${path}`)
    const { length } = Buffer.from(await response.arrayBuffer())
    t.comment(`${world} ${name}: ${length} bytes, ${Math.round(performance.now() - started)} ms`)
    t.equal(response.status, 200, path)
    t.ok(length <= BYTES, `${world} ${name}: ${length} bytes`)
    await page.goto(`${ADMIN}${path}`)
    for (const [colorScheme, width] of [
      ['light', 1280],
      ['dark', 360]
    ] as const) {
      await page.emulateMedia({ colorScheme })
      await page.setViewportSize({ width, height: 900 })
      t.equal(await page.evaluate('document.documentElement.scrollWidth'), width, `${world} ${name}, ${width} px`)
      t.same(await violations(page, colorScheme), [], `${world} ${name}, ${colorScheme}`)
      // Why not every page in dark colours: a picture of a long and narrow page takes a second.
      if (colorScheme === 'dark' && world !== 'healthy') continue
      const picture = `${world}-${name}-${colorScheme}-${width}.png`
      await page.screenshot({ path: join(artifacts, picture), fullPage: true })
    }
  }
}

/** @returns what axe finds, each with the element */
async function violations(page: Page, colorScheme: 'light' | 'dark'): Promise<string[]> {
  await page.evaluate(axe.source)
  // Why: dark pages differ only in their colours.
  const all = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']
  const runOnly = colorScheme === 'dark' ? { type: 'rule', values: ['color-contrast'] } : all
  const options = JSON.stringify({ runOnly, resultTypes: ['violations'] })
  const found = await page.evaluate<axe.AxeResults>(`axe.run(document, ${options})`)
  return found.violations.flatMap(({ id, help, nodes }) => nodes.map(({ html }) => `${id}: ${help}: ${html}`))
}

async function certificateFor(hosts: readonly string[], days: number) {
  const [first = ''] = hosts
  const { pem, keyPem } = issue(first, { issuer: root, hosts, from: -30, until: days })
  const [chain, key] = [join(directory, `${first}.pem`), join(directory, `${first}.key`)]
  await writeFile(chain, pem)
  await writeFile(key, keyPem)
  return { chain, key }
}

async function startDirectory(t: Test): Promise<void> {
  const postgres = await startPostgres(join(directory, 'postgres'), {
    certificate: await certificateFor(['localhost'], 30),
    password: PASSWORD
  })
  t.teardown(() => postgres.stop())
  await postgres.create('customers', [
    'CREATE TABLE customer (domain text)',
    "INSERT INTO customer SELECT 'customer' || number || '.test' FROM generate_series(1, 1000000) AS number",
    'CREATE UNIQUE INDEX ON customer (domain)'
  ])
}

async function startSignpost(t: Test, text: string, env: NodeJS.ProcessEnv = {}): Promise<void> {
  const config = join(directory, 'signpost.yaml')
  await writeFile(config, text)
  const signpost = await start(process.execPath, [MAIN, 'serve', '--config', config], {
    log: join(directory, 'signpost.log'),
    env: { NODE_EXTRA_CA_CERTS: authority.root, ...env },
    ready: [8080, 9090].map(port => ({ host: '127.0.0.1', port }))
  })
  t.teardown(() => signpost.stop())
}

async function startMail(t: Test): Promise<void> {
  const mail = await startMailServers(join(directory, 'mail'), authority, {
    ...{ hosts: MAIL_HOSTS, ports: [993, 995, 465], address: `jane@${DOMAIN}`, password: PASSWORD }
  })
  t.teardown(() => mail.stop())
}

async function startZone(t: Test, records: readonly ZoneRecord[]): Promise<() => void> {
  const server = await startNameServer({ records, listen: { address: DNS_ADDRESS, port: 53 } })
  let isOpen = true
  const stop = () => {
    if (isOpen) server.stop()
    isOpen = false
  }
  t.teardown(stop)
  return stop
}

interface Web {
  /** Until the certificate expires. */
  readonly days: number
  readonly zone: readonly ZoneRecord[]
  /** Unknown paths are answered with 200 and a page. */
  readonly isSoft: boolean
}

/** Starts the DNS, and nginx in front of Signpost. @returns a function that stops both */
async function startWeb(t: Test, { days, zone: records, isSoft }: Web): Promise<() => Promise<void>> {
  const stopZone = await startZone(t, records)
  const site = `server {
    listen 80 default_server;
    listen 443 ssl default_server;
    location / {
      proxy_pass http://127.0.0.1:8080;
      proxy_set_header Host $host;
      proxy_set_header X-Forwarded-Proto $scheme;
      ${isSoft ? 'proxy_intercept_errors on; error_page 404 =200 @welcome;' : ''}
    }
    location @welcome { default_type text/html; return 200 "<html><title>Welcome</title></html>"; }
  }`
  const certificate = await certificateFor(WEB_HOSTS, days)
  const nginx = await startNginx(join(directory, `nginx-${days}`), { certificate, upstream: { site } })
  t.teardown(() => nginx.stop())
  return async () => {
    stopZone()
    await nginx.stop()
  }
}
