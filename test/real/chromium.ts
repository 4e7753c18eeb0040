// A real Chromium without a screen. Every host name resolves to one server, and requests and complaints of pages are recorded.

import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core'

export interface Chromium {
  /** Opens a window with an empty history. It is closed with the browser at the latest. */
  open(options?: BrowserContextOptions): Promise<Window>
  stop(): Promise<void>
}

export interface Window {
  page: Page
  /** URLs that were requested since the last call, on any host. */
  requested(): string[]
  /** Errors and warnings of pages, and violations of their policy, since the last call. */
  complaints(): string[]
  close(): Promise<void>
}

/** @param server host and port that serve https for every name in URLs */
export async function startChromium(server: string): Promise<Chromium> {
  const browser = await chromium.launch({
    executablePath: '/usr/bin/chromium',
    args: [
      '--no-sandbox', // the tests are root
      '--disable-dev-shm-usage', // containers have little of it
      `--host-resolver-rules=MAP * ${server}`
    ]
  })
  return { open: options => openWindow(browser, options), stop: () => browser.close() }
}

async function openWindow(browser: Browser, options: BrowserContextOptions = {}): Promise<Window> {
  const context = await browser.newContext({ ignoreHTTPSErrors: true, ...options })
  const requested: string[] = []
  const complaints: string[] = []
  context
    .on('request', request => requested.push(request.url()))
    .on('weberror', webError => complaints.push(String(webError.error())))
    .on('console', message => {
      if (['error', 'warning'].includes(message.type())) complaints.push(message.text())
    })
  return {
    page: await context.newPage(),
    requested: () => requested.splice(0),
    complaints: () => complaints.splice(0),
    close: () => context.close()
  }
}
