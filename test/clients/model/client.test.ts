import t from 'tap'
import { orRefusal, Refusal } from '../../../src/clients/model/client.ts'

t.test('orRefusal: returns the result, or the refusal', async t => {
  const refusal = new Refusal('no hostname')
  t.equal(
    orRefusal(() => 1),
    1
  )
  t.equal(
    orRefusal(() => {
      throw refusal
    }),
    refusal
  )
})

t.test('orRefusal: other errors of a model are thrown', async t => {
  t.throws(
    () =>
      orRefusal(() => {
        throw new TypeError('undefined')
      }),
    TypeError
  )
})
