import t from 'tap'
import { notServed } from '../../src/dialects/not-served.ts'
import { errors } from '../../src/errors.ts'
import { refusal } from '../../src/http/refusal.ts'

t.test('not served: is the same answer wherever it is found out', async t =>
  t.same(notServed, refusal(errors.notFound()))
)
