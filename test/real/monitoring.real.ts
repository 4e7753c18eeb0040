// The example dashboard and alerts in config/, tested with a real Prometheus and a running Signpost.

import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { setTimeout as sleep } from 'node:timers/promises'
import t from 'tap'
import { stringify } from 'yaml'
import { openStorageOf } from '../../src/certificates/storage/acme-folder.ts'
import { certificateFile, writeCertificate } from '../../src/certificates/storage/stored-certificate.ts'
import { exampleSettings } from '../support/served-app.ts'
import { createAuthority } from './certificate-authority.ts'
import { run, start } from './program.ts'
import { startSignpostAlone } from './signpost.ts'

const directory = await mkdtemp(join(tmpdir(), 'signpost-monitoring-'))
t.teardown(() => rm(directory, { recursive: true, maxRetries: 5 }))
const file = (name: string) => join(directory, name)
const local = (port: number) => ({ host: '127.0.0.1', port })

const alerts = resolve('config/prometheus/alerts.yaml')
const authority = await createAuthority(file('authority'))
const { chain, key } = await authority.issue(['autoconfig.example.com'])
// Why there is no authority: the certificates by ACME are stored already.
const acme = { storage: file('certificates'), termsAgreed: true, directory: 'https://127.0.0.1:1/' }
const storage = openStorageOf(acme, '/')
for (const domain of ['example.com', 'xn--bcher-kva.example']) {
  const stored = await authority.issue([`autodiscover.${domain}`, `autoconfig.${domain}`])
  const [chain, key] = await Promise.all([stored.chain, stored.key].map(path => readFile(path, 'utf8')))
  await storage.write(certificateFile(domain), writeCertificate({ chain: chain ?? '', key: key ?? '' }))
}
const listening = `http: { host: 127.0.0.1, tls: { certificates: [{ certificate: ${chain}, key: ${key} }], acme: ${JSON.stringify(acme)} } }`
const domains = new DatabaseSync(file('domains.sqlite'))
domains.exec('CREATE TABLE customer (domain TEXT PRIMARY KEY, provider TEXT)')
domains.exec('CREATE TABLE mailbox (address TEXT PRIMARY KEY, login TEXT)')
domains.close()
const query = 'SELECT domain, provider FROM customer WHERE domain = :domain'
const directoryOf = `directory: { type: sqlite, file: ${file('domains.sqlite')}, query: "${query}" }`
const userQuery = 'SELECT address, login AS username FROM mailbox WHERE address = :address'
const usersOf = `users: { type: sqlite, file: ${file('domains.sqlite')}, query: "${userQuery}", unknown: nobody }`
const settings = `admin: {}\nmxLookup: {}\n${directoryOf}\n${usersOf}\n${exampleSettings.replace(/http:.*/, listening)}`
const signpost = await startSignpostAlone(file('signpost'), settings, [8080, 9090].map(local))
t.teardown(signpost.stop)

await writeFile(
  file('prometheus.yaml'),
  stringify({
    global: { scrape_interval: '1s', evaluation_interval: '1s' },
    rule_files: [alerts],
    scrape_configs: [{ job_name: 'signpost', static_configs: [{ targets: ['127.0.0.1:9090'] }] }]
  })
)
const prometheus = await start(
  'prometheus',
  [
    `--config.file=${file('prometheus.yaml')}`,
    `--storage.tsdb.path=${file('data')}`,
    '--web.listen-address=127.0.0.1:9091'
  ],
  { log: file('prometheus.log'), ready: [local(9091)] }
)
t.teardown(prometheus.stop)

interface Answer {
  readonly status: string
  readonly data: { readonly result: readonly { readonly value: readonly [number, string] }[] }
}

async function askPrometheus(path: string): Promise<Answer> {
  return (await (await fetch(`http://127.0.0.1:9091/api/v1/${path}`)).json()) as Answer
}

/** Sends requests until Prometheus has a rate, which needs two scrapes. */
async function untilScraped(): Promise<void> {
  const query = encodeURIComponent('rate(signpost_requests_total[10s]) > 0')
  for (;;) {
    for (const path of ['/mail/config-v1.1.xml?emailaddress=jane@example.com', '/nowhere']) {
      await (await fetch(`http://127.0.0.1:8080${path}`)).text()
    }
    const { data } = await askPrometheus(`query?query=${query}`)
    if (data?.result.length > 0) return
    await sleep(200)
  }
}

interface Panel {
  readonly title: string
  readonly targets: readonly { readonly expr: string }[]
}

t.test('prometheus: reads the metrics, and has results for all queries of the dashboard', async t => {
  await untilScraped()
  const { panels } = JSON.parse(await readFile('config/grafana/signpost.json', 'utf8')) as { panels: readonly Panel[] }
  for (const { title, targets } of panels) {
    for (const { expr } of targets) {
      // The values that Grafana inserts.
      const query = expr.replaceAll('$instance', '.*').replaceAll('$__rate_interval', '10s')
      const { status, data } = await askPrometheus(`query?query=${encodeURIComponent(query)}`)
      t.equal(status, 'success', `${title}: ${query}`)
      t.ok(data?.result.length > 0, `${title} shows something`)
      for (const { value } of data.result) t.ok(Number.isFinite(Number(value[1])), `${title}: ${value[1]}`)
    }
  }
})

/** Alerts whose condition may hold for a moment while other programs use the machine. */
const ofBusyMachines = ['SignpostSlow', 'SignpostBlocked']

t.test('prometheus: accepts the alerts, none of which fires while there are no problems', async t => {
  const { output, exitCode } = await run('promtool', ['check', 'rules', alerts])
  t.equal(exitCode, 0, output)
  const answer = await (await fetch('http://127.0.0.1:9091/api/v1/rules')).json()
  const { groups } = (answer as { data: { groups: readonly { rules: readonly Rule[] }[] } }).data
  const rules = groups.flatMap(group => group.rules)
  t.ok(rules.length > 0)
  for (const { name, health, state } of rules) {
    t.equal(health, 'ok', name)
    t.ok(state === 'inactive' || (state === 'pending' && ofBusyMachines.includes(name)), `${name} is ${state}`)
  }
})

interface Rule {
  readonly name: string
  readonly health: string
  readonly state: string
}

t.test('promtool: accepts the names and help texts of our metrics', async t => {
  await writeFile(file('metrics.txt'), await (await fetch('http://127.0.0.1:9090/metrics')).text())
  const { output } = await run('sh', ['-c', `promtool check metrics < ${file('metrics.txt')}`])
  t.notMatch(output, 'signpost_')
  t.notMatch(output, /error/i)
})

const instance = 'a:9090'
const name = 'autoconfig.example.com'
const day = 86_400
const series = (text: string, values: string) => ({ series: text, values })

t.test('promtool: the alerts fire exactly when they should', async t => {
  const certificate = `signpost_certificate_expiry_timestamp_seconds{instance="${instance}",use="tls",name="${name}"}`
  const info = series(`signpost_build_info{instance="${instance}"}`, '1x180')
  const lag = (of: string) => `nodejs_eventloop_lag_p99_seconds{instance="${of}"}`
  const refused = (reason: string) => `signpost_proxy_protocol_refused_total{instance="${instance}",reason="${reason}"}`
  const failed = `signpost_requests_total{instance="${instance}",outcome="failed"}`
  const incomplete = `signpost_acme_certificates{instance="${instance}",state="incomplete"}`
  const firstExpiry = `signpost_acme_first_expiry_timestamp_seconds{instance="${instance}"}`
  const cases = [
    { alert: 'SignpostAbsent', bad: [], good: [info] },
    {
      alert: 'SignpostSettingsBroken',
      bad: [series(`signpost_settings_last_reload_successful{instance="${instance}"}`, '0x180')],
      good: [series(`signpost_settings_last_reload_successful{instance="${instance}"}`, '1x180')]
    },
    // The time of evaluation: two hours after 1970-01-01, in seconds.
    {
      alert: 'SignpostCertificateNotRenewed',
      bad: [series(certificate, `${13 * day}x180`)],
      good: [series(certificate, `${15 * day}x180`)]
    },
    {
      alert: 'SignpostCertificateExpires',
      bad: [series(certificate, `${1 * day}x180`)],
      good: [series(certificate, `${3 * day}x180`)]
    },
    {
      alert: 'SignpostCertificateMissing',
      at: '8h',
      bad: [series(incomplete, '1x600')],
      good: [series(incomplete, '1x300 0x300')]
    },
    {
      alert: 'SignpostAutomaticCertificateNotRenewed',
      bad: [series(firstExpiry, `${9 * day}x180`)],
      good: [series(firstExpiry, `${12 * day}x180`)]
    },
    {
      alert: 'SignpostAutomaticCertificateExpires',
      bad: [series(firstExpiry, `${1 * day}x180`)],
      good: [series(firstExpiry, `${3 * day}x180`)]
    },
    {
      alert: 'SignpostDirectoryAway',
      bad: [series(`signpost_directory_up{instance="${instance}"}`, '0x180')],
      good: [series(`signpost_directory_up{instance="${instance}"}`, '1x180')]
    },
    {
      alert: 'SignpostUsersAway',
      bad: [series(`signpost_users_up{instance="${instance}"}`, '0x180')],
      good: [series(`signpost_users_up{instance="${instance}"}`, '1x180')]
    },
    {
      alert: 'SignpostDriverRestarts',
      bad: [series(`signpost_directory_restarts_total{instance="${instance}"}`, '0x118 5x60')],
      good: [series(`signpost_directory_restarts_total{instance="${instance}"}`, '0x118 1x60')]
    },
    {
      alert: 'SignpostRedisAway',
      bad: [series(`signpost_rate_redis_up{instance="${instance}"}`, '0x180')],
      good: [series(`signpost_rate_redis_up{instance="${instance}"}`, '1x180')]
    },
    {
      alert: 'SignpostProxyHeadersMissing',
      bad: [series(refused('missing'), '0+5x180')],
      good: [series(refused('missing'), '7x180'), series(refused('untrusted'), '0+5x180')]
    },
    { alert: 'SignpostFails', bad: [series(failed, '0+1x180')], good: [series(failed, '7x180')] },
    {
      alert: 'SignpostReloadFails',
      bad: [series(`signpost_reloads_total{instance="${instance}",result="failed"}`, '0x118 1x60')],
      good: [series(`signpost_reloads_total{instance="${instance}",result="ok"}`, '0+1x180')]
    },
    {
      alert: 'SignpostNeedsRestart',
      bad: [series(`signpost_settings_pending_restart{instance="${instance}"}`, '1x180')],
      good: [series(`signpost_settings_pending_restart{instance="${instance}"}`, '0x180')]
    },
    {
      alert: 'SignpostLogLinesDropped',
      bad: [series(`signpost_log_lines_dropped_total{instance="${instance}"}`, '0x118 5x60')],
      good: [series(`signpost_log_lines_dropped_total{instance="${instance}"}`, '5x180')]
    },
    {
      alert: 'SignpostSlow',
      bad: ['0.025', '0.1', '+Inf'].map(le => bucket(le, le === '0.025' ? '0+90x180' : '0+100x180')),
      good: ['0.025', '0.1', '+Inf'].map(le => bucket(le, '0+100x180'))
    },
    {
      alert: 'SignpostBlocked',
      bad: [info, series(lag(instance), '0.5x180')],
      // Other Node programs must not fire the alerts.
      good: [info, series(lag(instance), '0.1x180'), series(lag('b:1'), '0.5x180')]
    },
    {
      alert: 'SignpostRestarts',
      bad: [info, series(`process_start_time_seconds{instance="${instance}"}`, '0+600x180')],
      good: [info, series(`process_start_time_seconds{instance="${instance}"}`, '5x180')]
    }
  ]
  for (const { alert, bad, good, at } of cases) {
    t.equal(await raised(alert, bad, at), true, `${alert} is raised`)
    t.equal(await raised(alert, good, at), false, `${alert} is not raised`)
  }
  const names = (await readFile(alerts, 'utf8')).match(/(?<=- alert: )\w+/g) ?? []
  t.same([...names].sort(), cases.map(({ alert }) => alert).sort())
})

function bucket(le: string, values: string) {
  return series(`signpost_request_duration_seconds_bucket{instance="${instance}",dialect="outlook",le="${le}"}`, values)
}

/** @returns whether an alert fires after some time. Why from the failure message of promtool: it has no other output */
async function raised(alert: string, input: readonly object[], at = '2h'): Promise<boolean> {
  const expectNone = { eval_time: at, alertname: alert, exp_alerts: [] }
  const tests = [{ interval: '1m', input_series: input, alert_rule_test: [expectNone] }]
  await writeFile(file('rules-test.yaml'), stringify({ rule_files: [alerts], tests }))
  const { exitCode, output } = await run('promtool', ['test', 'rules', file('rules-test.yaml')])
  if (exitCode !== 0 && !output.includes(`alertname:${alert}`) && !output.includes(alert)) throw new Error(output)
  return exitCode !== 0
}
