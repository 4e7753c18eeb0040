import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fastify from 'fastify'
import t, { type Test } from 'tap'
import { createLogger } from '../../../src/http/log/access-log.ts'
import { openCertificates } from '../../../src/keys/certificates.ts'
import { openSigning } from '../../../src/keys/signing.ts'
import { openDomains } from '../../../src/lookups/domains.ts'
import { openConsole as open } from '../../../src/serve/admin/console.ts'
import { createReloader } from '../../../src/serve/reloader.ts'
import { openFile } from '../../../src/sources/file.ts'
import { administer } from '../../support/admin/administer.ts'
import { openConsole, textOf } from '../../support/console/open-console.ts'
import { exampleSettings } from '../../support/served-app.ts'

const basic = (password: string) => ({ authorization: `Basic ${Buffer.from(`admin:${password}`).toString('base64')}` })

/** @returns a folder with a password file, and the settings that name it */
function withPassword(t: Test, password: string) {
  // Why not t.testdir: it would remove the settings, which are there already.
  const folder = mkdtempSync(join(tmpdir(), 'console-'))
  t.teardown(() => rmSync(folder, { recursive: true }))
  const file = join(folder, 'password')
  writeFileSync(file, password)
  return {
    file,
    settings: `admin: { passwordFile: "${file}", hosts: [console.example.net] }\n${exampleSettings}`
  }
}

t.test('console: with a password file, every page needs the password, and metrics and health do not', async t => {
  const { file, settings } = withPassword(t, 'secret\n')
  const { ask, admin } = await openConsole(t, settings)
  for (const path of ['/', '/domains/example.com', '/check', '/check/events', '/trace', '/programs']) {
    const { status, headers, body } = await ask(path)
    t.same([status, headers.get('www-authenticate')?.split(' ')[0]], [401, 'Basic'], path)
    t.notMatch(body, 'Example Mail')
  }
  t.equal((await ask('/', { headers: basic('wrong') })).status, 401)
  t.equal((await ask('/', { headers: basic('secret') })).status, 200)
  for (const path of ['/healthz', '/readyz', '/metrics']) t.equal((await ask(path)).status, 200, path)

  writeFileSync(file, 'changed')
  t.equal((await ask('/', { headers: basic('secret') })).status, 200, 'until the next reload')
  await admin.inject({ method: 'POST', url: '/internal/reload' })
  t.equal((await ask('/', { headers: basic('secret') })).status, 401)
  t.equal((await ask('/', { headers: basic('changed') })).status, 200)
})

t.test('console: a password file that cannot be read is an error at the start', async t => {
  const { settings } = withPassword(t, 'secret')
  const missing = settings.replace('/password"', '/none"')
  await t.rejects(administer(t, missing), {
    code: 'AC_SETTINGS_INVALID',
    message: /admin\.passwordFile: cannot read the file/
  })
})

t.test(
  'console: an empty password file is an error at the start, and after a reload no password is accepted',
  async t => {
    const empty = withPassword(t, '\r\n')
    await t.rejects(administer(t, empty.settings), {
      code: 'AC_SETTINGS_INVALID',
      message: /admin\.passwordFile: found an empty file, expected a password/
    })
    const { file, settings } = withPassword(t, 'secret')
    const { ask, admin } = await openConsole(t, settings)
    writeFileSync(file, '')
    await admin.inject({ method: 'POST', url: '/internal/reload' })
    for (const password of ['', 'secret']) t.equal((await ask('/', { headers: basic(password) })).status, 401)
  }
)

t.test('console: after the password file has vanished, no password is accepted', async t => {
  const { file, settings } = withPassword(t, 'secret')
  const { ask, admin } = await openConsole(t, settings)
  rmSync(file)
  await admin.inject({ method: 'POST', url: '/internal/reload' })
  t.equal((await ask('/', { headers: basic('secret') })).status, 401)
  t.equal((await ask('/', { headers: basic('') })).status, 401)
})

t.test('console: with workers, the overview adds up their requests', async t => {
  const { source, signing, certificates, reloader, logger, domains, file } = await parts(t)
  const metrics = (value: number) => [
    { name: 'signpost_requests_total', values: [{ labels: { dialect: 'api', client: 'curl' }, value }] }
  ]
  const crew = {
    ...{ name: 'workers', stateAt: () => ({ ready: true }), counts: { restarts: 7, hangs: 0 } },
    ...{ sizes: { serving: 2, silent: 0, starting: 0, leaving: 0 }, measure: async () => [metrics(3), metrics(4)] }
  }
  const show = async (crews: object) => {
    const app = fastify()
    t.teardown(() => app.close())
    open(app, {
      file,
      source,
      signing,
      certificates,
      reloader,
      logger,
      domains,
      log: { dropped: 0 },
      readiness: [],
      ...crews
    })
    const origin = await app.listen({ host: '127.0.0.1', port: 0 })
    return textOf(await (await fetch(origin)).text())
  }
  const text = await show({ crew })
  for (const part of ['7 requests.', 'curl 7', 'replaced after a crash 7']) t.match(text, part)
  t.match(await show({}), 'There were no requests.')
})

async function parts(t: Test) {
  const file = join(t.testdir({ 'a.yaml': exampleSettings }), 'a.yaml')
  const source = openFile(file)
  const signing = openSigning(file, () => undefined)
  const certificates = openCertificates(file, () => undefined)
  const logger = createLogger({ level: 'silent' }, { write: () => undefined })
  const domains = await openDomains(source, { file, logger })
  const reloader = createReloader({ source, signing, certificates, logger, invalidate: domains.invalidate })
  return { file, source, signing, certificates, reloader, logger, domains }
}
