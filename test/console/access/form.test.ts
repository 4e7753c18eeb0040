import type { FastifyReply, FastifyRequest } from 'fastify'
import t from 'tap'
import { createForms, type Forms } from '../../../src/console/access/form.ts'
import { type Document, document } from '../../../src/dialects/document.ts'
import { textOf } from '../../support/console/open-console.ts'

const bodyOf = (fields: Record<string, string>) => Buffer.from(new URLSearchParams(fields).toString())

/** @returns the response to a form; if the form is accepted, the body is its field `domain` */
async function send(forms: Forms, headers: Record<string, string>, body: Buffer | undefined): Promise<Document> {
  const handle = forms.handle('/check', fields => document(200, {}, fields.get('domain') ?? ''))
  return (await handle({ headers, body } as FastifyRequest, {} as FastifyReply)) as Document
}

const host = '127.0.0.1:9090'

t.test('console forms: only forms with the token of the running service are accepted', async t => {
  const forms = createForms()
  const { token } = forms
  t.match(token, /^[\w-]{32}$/)
  t.not(createForms().token, token)
  t.match(await send(forms, { host }, bodyOf({ token, domain: 'example.com' })), { status: 200, body: 'example.com' })
  for (const wrong of [undefined, bodyOf({}), bodyOf({ token: '' }), bodyOf({ token: `${token}x` })]) {
    t.equal((await send(forms, { host }, wrong)).status, 403)
  }
})

t.test('console forms: a form from before a restart gets a page with a link to the form', async t => {
  const { status, headers, body } = await send(createForms(), { host }, bodyOf({ token: createForms().token }))
  t.equal(status, 403)
  t.equal(headers['content-type'], 'text/html; charset=utf-8')
  t.match(textOf(body), 'The service has restarted since this form was loaded')
  t.match(body, '<a href="/check">Load the form again</a>')
})

t.test('console forms: a request without a token is refused as a form of another website', async t => {
  t.match((await send(createForms(), { host }, bodyOf({ domain: 'a.example' }))).body, 'AC_CROSS_ORIGIN')
})

t.test('console forms: a form of another website is refused even if it has the token', async t => {
  const forms = createForms('token')
  const answer = (headers: Record<string, string>) =>
    send(forms, { host: 'localhost:9090', ...headers }, bodyOf({ token: 'token' }))
  for (const headers of [
    { origin: 'http://localhost:9090' },
    { origin: 'https://localhost:9090' },
    // A proxy that changes the host.
    { 'sec-fetch-site': 'same-origin', origin: 'https://console.example.net' }
  ]) {
    t.equal((await answer(headers)).status, 200, JSON.stringify(headers))
  }
  for (const headers of [
    { origin: 'http://evil.example' },
    { origin: 'null' },
    ...['cross-site', 'same-site', 'none'].map(site => ({ 'sec-fetch-site': site }))
  ]) {
    t.match(await answer(headers), { status: 403, body: /AC_CROSS_ORIGIN/ }, JSON.stringify(headers))
  }
})
