// Certificates by ACME from a real authority (pebble) that demands an external account, as ZeroSSL and Google do.

import { randomBytes } from 'node:crypto'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { acmeSettings, askWhenIdle, certificateAt, listenersAt, waitFor } from './acme-site.ts'
import { startDnsStub } from './dns-stub.ts'
import { PEBBLE_HOST, startPebble } from './pebble.ts'
import { startSignpostAlone } from './signpost.ts'

const directory = await mkdtemp(join(tmpdir(), 'acme-external-account-'))
t.teardown(() => rm(directory, { recursive: true, maxRetries: 5 }))
const file = (name: string) => join(directory, name)

const account = { id: 'key-1', hmacKey: randomBytes(32).toString('base64url') }
const dns = await startDnsStub({ hosts: [PEBBLE_HOST, 'autoconfig.one.test', 'autodiscover.one.test'] })
t.teardown(dns.stop)
const pebble = await startPebble(file('pebble'), {
  settings: { externalAccountBindingRequired: true, externalAccountMACKeys: { [account.id]: account.hmacKey } }
})
t.teardown(pebble.stop)

const externalAccount = `externalAccount: { id: ${account.id}, hmacKeyFile: ${file('hmac.key')} }`
const settings = acmeSettings(pebble, { storage: file('certificates'), domains: ['one.test'] })
const settingsWithAccount = settings.replace('termsAgreed: true', `termsAgreed: true, ${externalAccount}`)

async function start(t: Pick<Test, 'teardown'>, name: string, text: string): Promise<string> {
  const signpost = await startSignpostAlone(file(name), text, listenersAt())
  t.teardown(signpost.stop)
  return join(file(name), 'signpost.log')
}

for (const [what, text, hmacKey, reason] of [
  ['without an external account', settings, account.hmacKey, /must include external account|externalAccountRequired/],
  ['with another key', settingsWithAccount, randomBytes(32).toString('base64url'), /external account/i]
] as const) {
  t.test(`pebble: refuses an account ${what}, and the log says why`, async t => {
    await writeFile(file('hmac.key'), `${hmacKey}\n`)
    const log = await start(t, what.replaceAll(' ', '-'), text)
    const isReported = async () => /"problem":"[^"]*"/.exec(await readFile(log, 'utf8'))?.[0]
    t.match(await waitFor(isReported, log), reason)
  })
}

t.test('pebble: accepts the account with its key, as soon as the service is started again', async t => {
  await writeFile(file('hmac.key'), `${account.hmacKey}\n`)
  const log = await start(t, 'with-its-key', settingsWithAccount)
  await waitFor(() => certificateAt('autoconfig.one.test', { ca: pebble.root }), log)
  const { status } = await askWhenIdle('https://autoconfig.one.test/mail/config-v1.1.xml', pebble.root)
  t.equal(status, 200)
})
