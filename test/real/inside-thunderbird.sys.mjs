// Runs inside Thunderbird: its own account discovery and its own log-in check, in terms that the tests can compare.
// Observed: Thunderbird 153 ESR, 2026-11, modules of resource:///modules/accountcreation/.

const accountCreation = name => ChromeUtils.importESModule(`resource:///modules/accountcreation/${name}.sys.mjs`)

const { AccountCreationUtils } = accountCreation('AccountCreationUtils')
const { cal } = ChromeUtils.importESModule('resource:///modules/calendar/calUtils.sys.mjs')
const { CardDAVUtils } = ChromeUtils.importESModule('resource:///modules/CardDAVUtils.sys.mjs')
const { JXON } = ChromeUtils.importESModule('resource:///modules/JXON.sys.mjs')

// Thunderbird keeps no note of the URL that an account came from. But each answer passes through JXON.build, and the one
// that it decides for through promiseFirstSuccessful: both are wrapped here, before the other modules take hold of them.
const urls = new WeakMap()
let chosenUrls = []

const { build } = JXON
JXON.build = document => {
  const tree = build.call(JXON, document)
  urls.set(tree, document.documentURI)
  return tree
}

const { promiseFirstSuccessful } = AccountCreationUtils
AccountCreationUtils.promiseFirstSuccessful = async (...queue) => {
  // Why: of two searches that both succeed, the one that was begun first counts, whichever is over first.
  const choices = chosenUrls
  const place = choices.push(undefined) - 1
  const first = await promiseFirstSuccessful(...queue)
  choices[place] = urls.get(first.value)
  return first
}

const { FindConfig } = accountCreation('FindConfig')
const { AccountConfig } = accountCreation('AccountConfig')
const { ConfigVerifier } = accountCreation('ConfigVerifier')

/** What the account set-up does when name, address and password are typed and "Continue" is pressed. */
export async function discover(address, password) {
  const config = await findConfig(address, password)
  return config && describe(config)
}

/** What "New calendar, on the network" does. @returns the URLs of the calendars; empty if there are none */
export async function findCalendars(address, password) {
  const [, domain] = address.split('@')
  const otherProviders = types => [...types].filter(type => type !== 'caldav')
  try {
    const found = await cal.provider.detection.detect(address, password, domain, false, [otherProviders], {})
    return [...found.values()].flat().map(({ uri }) => uri.spec)
  } catch (error) {
    if (error instanceof cal.provider.detection.Error) return []
    throw error
  }
}

/** What "New address book, CardDAV" does. @returns the URLs of the address books; empty if there are none */
export async function findAddressBooks(address, password) {
  const [, domain] = address.split('@')
  try {
    const found = await CardDAVUtils.detectAddressBooks(address, password, `https://${domain}`)
    return found.map(({ url }) => url.href)
  } catch (error) {
    // Observed: every error ends the search, also a URL that it cannot make of an SRV record.
    if (error instanceof Components.Exception || error instanceof TypeError) return []
    throw error
  }
}

/** The log-in that the account set-up does with what it has found, before it creates the account. */
export async function logIn(address, password) {
  const config = await findConfig(address, password)
  config.incoming.password = password
  config.rememberPassword = false
  const { msgWindow } = Services.wm.getMostRecentWindow('mail:3pane')
  await new ConfigVerifier(msgWindow, new AbortController().signal).verifyConfig(config)
  return describe(config).incoming
}

export function trust(certificate) {
  const database = Cc['@mozilla.org/security/x509certdb;1'].getService(Ci.nsIX509CertDB)
  database.addCertFromBase64(certificate.replace(/-----[^-]+-----|\s/g, ''), 'C,,')
}

async function findConfig(address, password) {
  chosenUrls = []
  const [localPart, domain] = address.split('@')
  const steps = FindConfig.parallelAutoDiscovery(domain, address, new AbortController().signal, password)
  let step = await steps.next()
  while (!step.done) step = await steps.next({ acceptRedirect: true })
  if (step.value) AccountConfig.replaceVariables(step.value, localPart, address, password)
  return step.value
}

function describe(config) {
  return {
    source: config.subSource,
    url: chosenUrl(config),
    incoming: describeServer(config.incoming),
    incomingAlternatives: config.incomingAlternatives.map(describeServer),
    outgoing: describeServer(config.outgoing)
  }
}

function chosenUrl({ source }) {
  const file = source === AccountConfig.kSourceExchange ? 'autodiscover.xml' : 'config-v1.1.xml'
  const known = chosenUrls.filter(chosen => chosen !== undefined).map(chosen => new URL(chosen))
  const url = known.find(({ pathname }) => pathname.endsWith(`/${file}`))
  return url && `${url.origin}${url.pathname}`
}

function describeServer({ type, hostname, port, socketType, auth, username }) {
  const security = Object.entries(Ci.nsMsgSocketType).find(([, value]) => value === socketType)
  const authentication = Object.entries(Ci.nsMsgAuthMethod).find(([, value]) => value === auth)
  return { type, hostname, port, security: security?.[0], authentication: authentication?.[0], username }
}
