// The output of `signpost dns --format nsupdate`, sent by BIND's nsupdate to a real named, and compared by `signpost dns --check`.

import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import t from 'tap'
import { dns } from '../../src/cli/commands/dns.ts'
import { runCommand } from '../support/cli/terminal.ts'
import { run, start } from './program.ts'

const directory = await mkdtemp(join(tmpdir(), 'signpost-nsupdate-'))
t.teardown(() => rm(directory, { recursive: true }))

const port = 5397
const address = '127.0.0.1'
const file = (name: string) => join(directory, name)

await writeFile(
  file('key.conf'),
  'key "signpost" { algorithm hmac-sha256; secret "c2lnbnBvc3Qtc2lnbnBvc3Qtc2lnbnBvc3Q="; };\n'
)
await writeFile(
  file('zone'),
  `$TTL 60
@ IN SOA ns.example.com. hostmaster.example.com. 1 3600 900 1209600 60
@ IN NS ns.example.com.
ns IN A 127.0.0.1
signpost IN A 192.0.2.1
autoconfig IN A 192.0.2.7
_imaps._tcp IN SRV 0 1 993 old.example.com.
`
)
await writeFile(
  file('named.conf'),
  `include "${file('key.conf')}";
options { directory "${directory}"; listen-on port ${port} { ${address}; }; listen-on-v6 { none; }; recursion no; pid-file none; session-keyfile none; };
controls { };
zone "example.com" { type primary; file "${file('zone')}"; allow-update { key "signpost"; }; };
`
)
const settings = file('settings.yaml')
await writeFile(
  settings,
  `http: { publicUrl: https://signpost.example.com }
providers:
  - id: example
    name: Example Mail
    domains: [example.com]
    servers:
      - { protocol: imap, host: imap.example.com }
      - { protocol: smtp, host: smtp.example.com }
      - { protocol: caldav, url: "https://dav.example.com/cal/" }
`
)

const signpost = (...argv: string[]) => runCommand(dns, ['example.com', '--config', settings, ...argv])
const check = () => signpost('--check', '--resolver', `${address}:${port}`)

t.test('nsupdate: BIND has all records afterwards, however often it is repeated', async t => {
  const named = await start('/usr/sbin/named', ['-g', '-c', file('named.conf')], {
    log: file('named.log'),
    ready: [{ host: address, port }]
  })
  t.teardown(() => named.stop())
  let before = await check()
  // Why: named listens before it has loaded the zone.
  for (let tries = 0; tries < 50 && /^failed /m.test(before.out); tries++) {
    await sleep(100)
    before = await check()
  }
  t.equal(before.code, 1)
  t.match(before.out, /^differs {2}_imaps\._tcp\.example\.com\. SRV found 0 1 993 old\.example\.com\./m)
  t.match(before.out, /^missing {2}autoconfig\.example\.com\. CNAME /m)
  const { out } = await signpost('--format', 'nsupdate')
  await writeFile(file('update'), `server ${address} ${port}\n${out}`)
  for (const time of ['first', 'second']) {
    const { exitCode, output } = await run('nsupdate', ['-k', file('key.conf'), file('update')])
    t.equal(exitCode, 0, output)
    const after = await check()
    t.equal(after.code, 0, `${time} time: ${after.out}`)
  }
})
