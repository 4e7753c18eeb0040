import t from 'tap'
import { asObject, isObject, parseJson, parseObject } from '../src/json.ts'

t.test('json: a text that is not JSON has no value', async t => {
  t.same(parseJson('{"a": [1]}'), { a: [1] })
  t.equal(parseJson('null'), null)
  t.equal(parseJson('{'), undefined)
  t.equal(parseJson(''), undefined)
})

t.test('json: every text has an object, which lacks members unless the text is an object', async t => {
  t.same(parseObject('{"a": 1}'), { a: 1 })
  for (const text of ['[1]', '"text"', '1', 'null', 'true', '{', '']) t.same(parseObject(text), {}, text)
})

t.test('json: only values with named members are objects', async t => {
  for (const value of [{}, { a: undefined }, JSON.parse('{"__proto__": 1}')]) t.equal(isObject(value), true)
  for (const value of [undefined, null, [], [{}], 'text', 1, true]) t.equal(isObject(value), false)
  t.same(asObject({ a: 1 }), { a: 1 })
  t.same(asObject([1]), {})
})
