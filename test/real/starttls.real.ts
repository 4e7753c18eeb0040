// A provider whose servers support only STARTTLS, used by real mail programs.

import t from 'tap'
import { checkMailPrograms } from './mail-checks.ts'
import { startWorld } from './world.ts'

const ADDRESS = 'john.doe@starttls.test'
const PASSWORD = 'secret'

const world = await startWorld({
  settings: 'test/real/settings/starttls.yaml',
  webHosts: ['starttls.test', 'autoconfig.starttls.test', 'autodiscover.starttls.test'],
  mail: {
    hosts: ['imap.starttls.test', 'smtp.starttls.test'],
    ports: [143, 587],
    address: ADDRESS,
    password: PASSWORD
  }
})
t.teardown(world.stop)

t.test('thunderbird: finds servers that support only STARTTLS', async t => {
  const account = await world.thunderbird.discover(ADDRESS, PASSWORD)
  const imap = {
    type: 'imap',
    hostname: 'imap.starttls.test',
    port: 143,
    security: 'alwaysSTARTTLS',
    authentication: 'passwordCleartext',
    username: ADDRESS
  }
  t.same(account, {
    source: 'xml-from-isp-https',
    url: 'https://autoconfig.starttls.test/mail/config-v1.1.xml',
    incoming: imap,
    incomingAlternatives: [],
    outgoing: { ...imap, type: 'smtp', hostname: 'smtp.starttls.test', port: 587 }
  })
})

t.test('STARTTLS only: real servers accept the settings that thunderbird has found', async t => {
  const account = await world.thunderbird.discover(ADDRESS, PASSWORD)
  if (account === null) return t.fail('thunderbird has found nothing')
  checkMailPrograms(t, { world, account, address: ADDRESS, password: PASSWORD })
})
