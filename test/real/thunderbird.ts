// A real Thunderbird without a screen, with a fresh profile, remote-controlled: it finds accounts by its own code.

import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { thunderbirdDav } from '../../src/clients/dav/thunderbird-dav.ts'
import { connectMarionette, type Marionette } from './marionette.ts'
import type { DavProgram } from './models/dav-comparison.ts'
import { start } from './program.ts'

export interface MailServer {
  type: string
  hostname: string
  port: number
  /** Named as in Thunderbird's nsMsgSocketType: SSL, alwaysSTARTTLS, plain. */
  security: string
  /** Named as in Thunderbird's nsMsgAuthMethod: passwordCleartext, … */
  authentication: string
  username: string
}

export interface FoundAccount {
  /** Thunderbird's name for the source of the account: `xml-from-isp-https`, `exchange-from-url1`, … */
  source: string
  /** The URL whose response Thunderbird has chosen, without the query. */
  url: string
  incoming: MailServer
  incomingAlternatives: MailServer[]
  outgoing: MailServer
}

export interface Thunderbird {
  /** Null if Thunderbird finds nothing. */
  discover(address: string, password: string): Promise<FoundAccount | null>
  /** Finds the account and logs in to its incoming server. Rejects if the server refuses the login. */
  logIn(address: string, password: string): Promise<MailServer>
  /** @returns the URLs of the calendars; empty if it finds none */
  findCalendars(address: string, password: string): Promise<string[]>
  /** @returns the URLs of the address books; empty if it finds none */
  findAddressBooks(address: string, password: string): Promise<string[]>
  stop(): Promise<void>
}

const MARIONETTE = { host: '127.0.0.1', port: 2828 }

const PREFERENCES = {
  'marionette.port': MARIONETTE.port,
  // Why: in a network with only a loopback interface, Thunderbird would consider itself offline.
  'network.manage-offline-status': false,
  'offline.autoDetect': false,
  'offline.startup_state': 2,
  'network.dns.disableIPv6': true,
  'network.trr.mode': 5,
  'network.proxy.type': 0,
  'mailnews.auto_config.addons_url': '',
  // Why: these windows would open at the first start.
  'mail.provider.suppress_dialog_on_startup': true,
  'mail.spotlight.firstRunDone': true,
  'mail.shell.checkDefaultClient': false,
  'mail.rights.version': 1,
  'mailnews.start_page.enabled': false,
  'mailnews.start_page_override.mstone': 'ignore',
  'app.donation.eoy.version.viewed': 999,
  // Why: these features send requests to Mozilla.
  'app.update.enabled': false,
  'datareporting.policy.dataSubmissionEnabled': false,
  'extensions.update.enabled': false,
  'mail.inappnotifications.enabled': false,
  'network.captive-portal-service.enabled': false,
  'network.connectivity-service.enabled': false,
  'security.OCSP.enabled': 0,
  'services.settings.server': 'data:,#remote-settings-dummy/v1',
  'toolkit.telemetry.enabled': false
}

/** @param ispdb URL of the central database of providers, to which a domain is added */
export async function startThunderbird(directory: string, trustedRoot: string, ispdb: string): Promise<Thunderbird> {
  const profile = join(directory, 'profile')
  await mkdir(profile, { recursive: true })
  await writeFile(join(profile, 'user.js'), userPreferences({ ...PREFERENCES, 'mailnews.auto_config_url': ispdb }))

  const program = await start(
    // Why: /usr/bin/thunderbird is a wrapper script that needs a desktop.
    '/usr/lib/thunderbird/thunderbird',
    ['--headless', '--no-remote', '--profile', profile, '--marionette', '--remote-allow-system-access'],
    {
      log: join(directory, 'thunderbird.log'),
      env: { HOME: directory, MOZ_CRASHREPORTER_DISABLE: '1', LANG: 'C.UTF-8' },
      ready: [MARIONETTE]
    }
  )
  try {
    const marionette = await connectMarionette(MARIONETTE.host, MARIONETTE.port)
    await registerFolder(marionette)
    await callInside(marionette, 'trust', [await readFile(trustedRoot, 'utf8')])
    return {
      discover: async (...typed) => (await callInside(marionette, 'discover', typed)) as FoundAccount | null,
      logIn: async (...typed) => (await callInside(marionette, 'logIn', typed)) as MailServer,
      findCalendars: async (...typed) => (await callInside(marionette, 'findCalendars', typed)) as string[],
      findAddressBooks: async (...typed) => (await callInside(marionette, 'findAddressBooks', typed)) as string[],
      async stop() {
        marionette.close()
        await program.stop()
      }
    }
  } catch (error) {
    await program.stop()
    throw error
  }
}

/** @returns the search for calendars and address books, for the comparison with the model */
export function davOfThunderbird(thunderbird: Thunderbird): DavProgram {
  return {
    ...{ model: thunderbirdDav, agent: 'Thunderbird/' },
    find: (service, ...typed) =>
      service === 'caldav' ? thunderbird.findCalendars(...typed) : thunderbird.findAddressBooks(...typed)
  }
}

function userPreferences(preferences: Record<string, string | number | boolean>): string {
  const lines = Object.entries(preferences).map(
    pair => `user_pref(${pair.map(part => JSON.stringify(part)).join()});\n`
  )
  return lines.join('')
}

/** Registers this folder as resource://signpost-test/, from which Thunderbird may load modules. */
async function registerFolder(marionette: Marionette): Promise<void> {
  await marionette.execute(
    `Services.io.getProtocolHandler('resource').QueryInterface(Ci.nsISubstitutingProtocolHandler)
       .setSubstitution('signpost-test', Services.io.newURI(args[0]))`,
    [new URL('.', import.meta.url).href]
  )
}

function callInside(marionette: Marionette, name: string, args: string[]): Promise<unknown> {
  const module = 'resource://signpost-test/inside-thunderbird.sys.mjs'
  return marionette.execute(
    `const [module, name, ...rest] = args
     return ChromeUtils.importESModule(module)[name](...rest)`,
    [module, name, ...args]
  )
}
