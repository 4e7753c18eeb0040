import t from 'tap'
import { orderFinding } from '../../../src/doctor/rules/order.ts'

const now = Date.UTC(2026, 10, 30)
const hour = 60 * 60 * 1000

t.test(
  'order: the finding has the reason and the next attempt, and is an error without a valid certificate',
  async t => {
    const state = { problem: 'a policy (rejectedIdentifier)', nextAttemptAt: now + hour, hasCertificate: true }
    t.same(orderFinding('a.example', state, now), {
      rule: 'certificate.order',
      severity: 'warning',
      subject: 'a.example',
      message: 'The certificate that Signpost orders is missing or incomplete: a policy (rejectedIdentifier).',
      remedy: 'Fix the cause. The next attempt is at 2026-11-30T01:00:00.000Z.',
      clients: []
    })
    t.equal(orderFinding('a.example', { ...state, hasCertificate: false }, now).severity, 'error')
    t.match(
      orderFinding('a.example', { ...state, problem: 'is the clock right?' }, now).message,
      /: is the clock right\?$/
    )
  }
)

t.test('order: an attempt that is overdue raises the question whether the service is running', async t => {
  const remedyOf = (nextAttemptAt: number) =>
    orderFinding('a.example', { problem: 'x', nextAttemptAt, hasCertificate: true }, now).remedy
  t.match(remedyOf(now - hour), /The next attempt is at/)
  t.equal(
    remedyOf(now - hour - 1),
    'Fix the cause. The next attempt was due at 2026-11-29T22:59:59.999Z: is the service running?'
  )
})

t.test('order: a storage that cannot be read is a note', async t => {
  t.match(orderFinding('a.example', { unreadable: 'cannot read /s: EACCES' }, now), {
    rule: 'certificate.order-unknown',
    severity: 'info',
    message: 'What Signpost knows of its certificate is unknown: cannot read /s: EACCES.'
  })
})
