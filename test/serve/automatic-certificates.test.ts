import { once } from 'node:events'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { connect } from 'node:tls'
import t, { type Test } from 'tap'
import { openStorageOf } from '../../src/certificates/storage/acme-folder.ts'
import { createTlsChallengeFiles } from '../../src/certificates/storage/tls-challenge-files.ts'
import { SignpostError } from '../../src/errors.ts'
import { createPermit, openAutomatic, openOrderer } from '../../src/serve/automatic-certificates.ts'
import { createPause, createRest } from '../../src/serve/pauses.ts'
import { createSource, type Source } from '../../src/sources/source.ts'
import { issue } from '../support/certificates.ts'
import { startProgram } from '../support/cli/program.ts'
import { exampleSettings } from '../support/served-app.ts'
import { silentLogger } from '../support/silent-logger.ts'
import { tableOf } from '../support/table-of.ts'

// Why this directory: nothing listens there, so no test contacts another machine.
const acme = { storage: 's', termsAgreed: true, directory: 'https://127.0.0.1:1/dir', ca: 'missing.pem' }
const settingsOf = (more = '') =>
  exampleSettings.replace(
    'http: {',
    `http: { host: 127.0.0.1, tls: { acme: { storage: s, termsAgreed: true, directory: "${acme.directory}"${more} } },`
  )

function open(
  t: Test,
  {
    settings = settingsOf(', names: [mail.own.example]'),
    lookUp = () => undefined
  }: { settings?: string; lookUp?: Source['lookUp'] } = {}
) {
  const file = join(t.testdir({}), 'a.yaml')
  const table = tableOf(settings)
  const source = createSource({ table }, { lookUps: [lookUp] })
  const certificates = { certificatesAt: () => [{ names: ['autodiscover.example.com'] }] as never }
  const orderer = openOrderer(
    acme,
    { file, source: { table }, certificates },
    { domains: { source, listed: source }, logger: silentLogger }
  )
  return { file, source, orderer }
}

t.test(
  'automatic certificates: only names that a file does not cover and that are served reach an attempt',
  async t => {
    const { orderer } = open(t, {
      lookUp: domain => {
        if (domain === 'away.example') throw new SignpostError('AC_UNAVAILABLE', 'away', 503)
        if (domain === 'broken.example') throw new Error('broken')
        return undefined
      }
    })
    for (const name of [
      'autoconfig.stranger.example',
      'autodiscover.example.com',
      'autoconfig.away.example',
      'autoconfig.broken.example'
    ]) {
      t.equal(await orderer.want(name), false, name)
    }
    t.equal(orderer.counts.failed, 0)
    for (const name of ['autoconfig.example.com', 'mail.own.example']) t.equal(await orderer.want(name), false, name)
    t.equal(orderer.counts.failed, 2, 'the root certificate is missing')
    orderer.start()
    await orderer.stop()
  }
)

t.test('automatic certificates: names found by MX records or by patterns only with admin.tlsAsk', async t => {
  const settings = `admin: { tlsAsk: { mx: true, patterns: true } }\n${settingsOf()}`
  const { orderer } = open(t, { settings, lookUp: domain => (domain === 'mx.example' ? ({} as never) : undefined) })
  t.equal(await orderer.want('autoconfig.mx.example'), false)
  t.equal(orderer.counts.failed, 1)
  t.equal(await orderer.want('autoconfig.stranger.example'), false)
  t.equal(orderer.counts.failed, 1)
})

t.test('automatic certificates: names found by MX records or by patterns are limited like invented names', async t => {
  const lookUp: Source['lookUp'] = domain => {
    if (domain === 'away.example') throw new SignpostError('AC_UNAVAILABLE', 'away', 503)
    if (domain === 'broken.example') throw new Error('broken')
    return domain === 'mx.example' ? ({} as never) : undefined
  }
  const answersOf = async (tlsAsk: string) => {
    const table = tableOf(`admin: { tlsAsk: ${tlsAsk} }\n${settingsOf()}`)
    const permit = createPermit(
      { file: 'a.yaml', source: { table }, certificates: { certificatesAt: () => [] } },
      { source: createSource({ table }, { lookUps: [lookUp] }), listed: createSource({ table }, { lookUps: [] }) }
    )
    const domains = ['example.com', 'a.customers.example', 'mx.example', 'away.example', 'broken.example', 'x.example']
    return await Promise.all(domains.map(domain => permit(`autoconfig.${domain}`)))
  }
  const not = 'not-served'
  t.same(await answersOf('{ mx: true, patterns: true }'), ['served', 'open', 'open', 'unavailable', 'unavailable', not])
  t.same(await answersOf('{ mx: true }'), ['served', not, 'open', 'unavailable', 'unavailable', not])
  t.same(await answersOf('{ patterns: true }'), ['served', 'open', not, not, not, not])
  t.same(await answersOf('{}'), ['served', not, not, not, not, not])
})

t.test('automatic certificates: challenges and certificates come from the storage', async t => {
  const { file, source } = open(t)
  const wanted: string[] = []
  const want = async (name: string) => {
    wanted.push(name)
    return false
  }
  const { held, challengeOf, tlsChallengeOf } = openAutomatic(acme, { file, source }, { want })
  t.equal(await challengeOf('an-unknown-token-1234'), undefined)
  const challenge = { name: 'mail.own.example', token: '', keyAuthorization: 'x' }
  const end = await createTlsChallengeFiles(openStorageOf(acme, file)).present(challenge)
  t.same((await tlsChallengeOf?.('mail.own.example'))?.names, ['mail.own.example'])
  await end()
  t.equal(await tlsChallengeOf?.('mail.own.example'), undefined)
  const withHttp = openAutomatic({ ...acme, challenge: 'http-01' }, { file, source }, { want })
  t.equal(withHttp.tlsChallengeOf, undefined)
  await held.load()
  t.equal(await held.obtain('mail.own.example'), undefined)
  t.equal(await held.obtain('mail.stranger.example'), undefined)
  t.same(wanted, ['mail.own.example'])
})

t.test('rest: ends after its time, or when it is woken', async t => {
  // Why: the timers of a rest do not keep the process running.
  const alive = setInterval(() => undefined, 1000)
  t.teardown(() => clearInterval(alive))
  const rest = createRest()
  rest.wake()
  await rest.sleep(1)
  const long = rest.sleep(1_000_000)
  rest.wake()
  await long
  const stopping = new AbortController()
  const pause = createPause(stopping.signal)
  await pause(1)
  const paused = pause(1_000_000)
  stopping.abort()
  await t.rejects(paused, { name: 'AbortError' })
})

for (const workers of [1, 2]) {
  t.test(
    `service: with ${workers} workers, https has the stored certificates, and refuses other names quickly`,
    async t => {
      const folder = t.testdir({ 'a.yaml': settingsOf() })
      const groups = join(folder, 's/127.0.0.1-1-dir/groups')
      mkdirSync(groups, { recursive: true })
      for (const domain of ['example.com', 'xn--bcher-kva.example']) {
        const hosts = [`autoconfig.${domain}`, `autodiscover.${domain}`]
        const { pem, keyPem } = issue(hosts[0] ?? '', { hosts })
        writeFileSync(join(groups, `${domain}.pem`), `${keyPem}${pem}`)
      }
      const places = ['--listen', '127.0.0.1:0', '--listen-tls', '127.0.0.1:0', '--listen-admin', '127.0.0.1:0']
      const args = ['serve', '--config', join(folder, 'a.yaml'), '--workers', String(workers), ...places]
      const program = startProgram(t, args, { coverage: 'primary' })
      const greeting = await program.says(/^Signpost listens on[\s\S]*\/metrics\n/m)
      const port = Number(/https:\S+:(\d+)/.exec(greeting)?.[1])
      const admin = /http:\S+(?=\/metrics)/.exec(greeting)?.[0]
      const subjectOf = async (servername: string) => {
        const socket = connect({ port, host: '127.0.0.1', servername, rejectUnauthorized: false })
        t.teardown(() => socket.destroy())
        await once(socket, 'secureConnect')
        return socket.getPeerCertificate().subject.CN
      }
      t.equal(await subjectOf('autodiscover.xn--bcher-kva.example'), 'autoconfig.xn--bcher-kva.example')
      t.equal(await subjectOf('autoconfig.stranger.example'), 'autoconfig.example.com', 'the standard one')
      const metrics = await (await fetch(`${admin}/metrics`)).text()
      t.match(metrics, 'signpost_acme_attempts_total{result="refused"} 1')
      writeFileSync(join(folder, 'a.yaml'), settingsOf().replaceAll('imap.example.com', 'imap2.example.com'))
      await program.says(/settings reloaded/)
      program.kill('SIGTERM')
      t.equal((await program.ended).code, 0)
    }
  )
}
