import t from 'tap'
import { readInput } from '../../src/cli/read-input.ts'

async function* endless() {
  for (;;) yield Buffer.from('abc')
}

async function* input(...texts: readonly string[]) {
  for (const text of texts) yield Buffer.from(text)
}

t.test('read input: reads everything, up to the limit', async t => {
  t.equal(String(await readInput(input('ab', 'c', ''), 3)), 'abc')
  t.equal(String(await readInput(input(), 3)), '')
})

t.test('read input: endless input is an error', async t => {
  await t.rejects(readInput(endless(), 1000), { code: 'AC_USAGE', message: /found more than 1000 bytes/ })
})
