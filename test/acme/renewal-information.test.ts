import t from 'tap'
import { askRenewalWindow, renewalId } from '../../src/acme/renewal-information.ts'
import type { Exchanger } from '../../src/network/http-exchange.ts'
import { issue } from '../support/certificates.ts'

t.test('renewal information: a certificate is identified by the key of its issuer and its serial number', async t => {
  const { certificate } = issue('a.example', { authorityKey: Buffer.from('issuer') })
  const [key = '', serial = ''] = (renewalId(certificate) ?? '').split('.')
  t.equal(Buffer.from(key, 'base64url').toString(), 'issuer')
  t.equal(BigInt(`0x${Buffer.from(serial, 'base64url').toString('hex')}`), BigInt(`0x${certificate.serialNumber}`))
})

t.test('renewal information: the example of RFC 9773 4.1 has the identifier that is given there', async t => {
  // Spec: RFC 9773 appendix A: only these fields matter.
  const { certificate } = issue('example.com', {
    authorityKey: Buffer.from('69885b6b87464041e1b37b847bd0ae2cde01c8d4', 'hex'),
    serial: Buffer.from('0087654321', 'hex')
  })
  t.equal(renewalId(certificate), 'aYhba4dGQEHhs3uEe9CuLN4ByNQ.AIdlQyE')
})

t.test('renewal information: a certificate without extensions or without that key has no identifier', async t => {
  t.equal(renewalId(issue('a.example', { version1: true }).certificate), undefined)
  t.equal(renewalId(issue('a.example').certificate), undefined)
})

t.test('renewal information: the suggested window, and nothing if the answer is not usable', async t => {
  const asked: string[] = []
  const answer = (status: number, body: unknown, headers: Record<string, string> = {}): Exchanger => {
    return async request => {
      asked.push(request.url)
      return {
        request,
        tls: undefined,
        ms: 1,
        response: { status, headers, body: JSON.stringify(body) },
        fault: undefined
      }
    }
  }
  const suggestedWindow = { start: '2026-01-02T00:00:00Z', end: '2026-01-03T00:00:00Z' }
  const ask = (exchange: Exchanger) => askRenewalWindow('https://ca.example/renewal/', 'a.b', { exchange, now: 0 })
  t.same(await ask(answer(200, { suggestedWindow }, { 'retry-after': '60' })), {
    start: Date.UTC(2026, 0, 2),
    end: Date.UTC(2026, 0, 3),
    retryAfterMs: 60_000
  })
  t.same(asked, ['https://ca.example/renewal/a.b'])
  t.equal(await ask(answer(404, {})), undefined)
  t.equal(await ask(answer(200, { suggestedWindow: { start: 'x', end: 'y' } })), undefined)
  t.equal(
    await ask(answer(200, { suggestedWindow: { start: suggestedWindow.end, end: suggestedWindow.start } })),
    undefined
  )
})
