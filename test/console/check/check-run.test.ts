/**
 * A check from the console: the form, the progress, the result, and the comparison with the DNS.
 */
import type { FastifyReply, FastifyRequest } from 'fastify'
import t from 'tap'
import { createForms } from '../../../src/console/access/form.ts'
import { createPages, type PagesOptions } from '../../../src/console/pages.ts'
import type { Document } from '../../../src/dialects/document.ts'
import { openConsole, textOf } from '../../support/console/open-console.ts'
import { startNameServer } from '../../support/doctor/name-server.ts'
import { exampleSettings } from '../../support/served-app.ts'

t.test('check: a form starts it, events report its progress, and the result is a page and a file', async t => {
  const { stop, resolver } = await nameServer()
  t.teardown(stop)
  const { ask, post } = await openConsole(t, `admin: { doctor: { resolver: "${resolver}" } }\n${exampleSettings}`)
  t.equal((await ask('/check/events')).body, 'event: end\ndata: {}\n\n')
  const started = await post('/check', { domain: 'jane@nowhere.example' })
  t.same([started.status, started.headers.get('location')], [303, '/check?domain=nowhere.example'])
  const { headers, body: events } = await ask('/check/events')
  t.equal(headers.get('content-type'), 'text/event-stream')
  t.match(events, /event: end\ndata: \{\}\n\n$/)
  const text = textOf((await ask('/check?domain=nowhere.example')).body)
  for (const part of ['Result for nowhere.example', 'The domain does not exist.', 'Remedy:']) t.match(text, part)
  const report = await ask('/check/result.json?domain=nowhere.example')
  t.match(JSON.parse(report.body), { domain: 'nowhere.example', isWell: false })
  t.notMatch(report.body, 'jane@')
})

t.test('check: an invalid domain or a form of another website starts no check', async t => {
  const { ask, post } = await openConsole(t)
  t.equal((await post('/check', { domain: '<b>' })).status, 400)
  t.equal((await post('/check', { domain: '' })).status, 400)
  t.equal((await post('/check', {})).status, 400)
  t.equal((await post('/check', { domain: 'example.com', token: 'guessed' })).status, 403)
  const { body } = await ask('/check', { method: 'POST' })
  t.match(body, 'AC_CROSS_ORIGIN')
  t.equal((await ask('/check/events')).body, 'event: end\ndata: {}\n\n')
})

t.test('check: a second domain has to wait, and the page says so', async t => {
  const forms = createForms('token')
  const running = { domain: 'slow.example', progress: { done: 1, all: 9, step: 'the DNS' } }
  const runner = { running, start: () => false, results: [], resultOf: () => undefined, follow: () => () => undefined }
  const pages = createPages({ forms, runner } as unknown as PagesOptions)
  const check = async (domain: string) =>
    (await pages['POST /check']?.(
      { headers: {}, body: Buffer.from(`token=token&domain=${domain}`) } as FastifyRequest,
      {} as FastifyReply
    )) as Document
  const other = await check('other.example')
  t.equal(other.status, 400)
  t.match(textOf(other.body), 'Another domain is being checked. Check other.example when that has ended.')
  t.match(await check('slow.example'), { status: 303, headers: { location: '/check?domain=slow.example' } })
})

t.test('domain page: the records that a domain should have are compared with the DNS', async t => {
  const wanted = { name: 'autoconfig.example.com', type: 'CNAME', target: 'signpost.example.com' } as const
  const { stop, resolver } = await nameServer([wanted])
  t.teardown(stop)
  const { ask } = await openConsole(t, `admin: { doctor: { resolver: "${resolver}" } }\n${exampleSettings}`)
  const text = textOf((await ask('/domains/example.com/dns')).body)
  t.match(text, /Records as wanted: 1 of \d+ names/)
  t.match(text, 'autoconfig.example.com. CNAME ok signpost.example.com. signpost.example.com.')
  t.match(text, 'autodiscover.example.com. CNAME missing')
})

async function nameServer(records: Parameters<typeof startNameServer>[0]['records'] = []) {
  const { stop, place } = await startNameServer({ records })
  return { stop, resolver: place }
}
