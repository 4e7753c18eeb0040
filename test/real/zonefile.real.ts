// The zone files of `signpost dns`, checked by BIND's named-checkzone, which prints them as it understands them.

import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import t from 'tap'
import { readGolden } from '../golden/golden-file.ts'
import { type Read, readZonefile } from '../support/dns/read-zonefile.ts'
import { run } from './program.ts'

const directory = await mkdtemp(join(tmpdir(), 'signpost-zonefile-'))
t.teardown(() => rm(directory, { recursive: true }))

const names = (await readdir('test/golden/dns')).filter(name => name.endsWith('.golden')).sort()
const goldens = await Promise.all(
  names.map(async name => ({ name, ...readGolden(await readFile(`test/golden/dns/${name}`, 'utf8')) }))
)
const zones = goldens.filter(({ request, answer }) => !request.includes('--format') && / IN /.test(answer))
t.ok(zones.length > 5)

for (const { name, answer } of zones) {
  t.test(`named-checkzone: ${name} is a valid zone with the same records`, async t => {
    const records = readZonefile(answer)
    const domain =
      records.map(record => record.name.replace(/^autoconfig\./, '')).find(each => !/^_|^auto/.test(each)) ?? ''
    const file = join(directory, name)
    await writeFile(file, zoneOf(domain, records, answer))
    const checks = ['-i', 'local', '-S', 'fail', '-k', 'fail', '-n', 'fail', '-r', 'fail', '-W', 'warn']
    const { exitCode, output } = await run('named-checkzone', [
      ...checks,
      '-D',
      '-s',
      'full',
      '-o',
      `${file}.out`,
      domain,
      file
    ])
    t.equal(exitCode, 0, output)
    t.equal(output, `zone ${domain.replace(/\.$/, '')}/IN: loaded serial 1\nOK\n`, 'no warning')
    const understood = readZonefile(await readFile(`${file}.out`, 'utf8'))
    const ours = new Set(understood.map(asText))
    t.same(
      records.map(asText).filter(record => !ours.has(record)),
      []
    )
  })
}

/** Other required records of a zone, and addresses for its hosts. */
function zoneOf(domain: string, records: readonly Read[], answer: string): string {
  const targets = records.filter(({ type }) => type === 'SRV').map(({ data }) => data.at(-1) ?? '')
  const hosts = [`ns.${domain}`, ...targets.filter(target => target.endsWith(`.${domain}`))]
  const addresses = [...new Set(hosts)].map(host => `${host} 3600 IN A 192.0.2.1\n`)
  return `${domain} 3600 IN SOA ns.${domain} hostmaster.${domain} 1 3600 900 1209600 3600
${domain} 3600 IN NS ns.${domain}
${addresses.join('')}${answer}`
}

function asText({ name, ttl, type, data }: Read): string {
  return JSON.stringify([name, ttl, type, ...data])
}
