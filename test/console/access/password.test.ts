import t from 'tap'
import { createPasswordCheck, mostWrong } from '../../../src/console/access/password.ts'

const basic = (text: string) => `Basic ${Buffer.from(text).toString('base64')}`

t.test('console password: the right one is accepted with any user name, and nothing else', async t => {
  const check = createPasswordCheck(() => 'sécret: word')
  for (const user of ['', 'admin', 'jane']) t.equal(check(basic(`${user}:sécret: word`), 'a'), 'right', user)
  t.equal(check(`BASIC ${Buffer.from(':sécret: word').toString('base64')}`, 'a'), 'right')
  for (const header of [undefined, '', 'Basic', 'Bearer x', basic('no colon'), basic('')]) {
    t.equal(check(header, 'a'), 'wrong', String(header))
  }
  for (const password of ['', 'sécret', 'sécret: word ', 'SÉCRET: WORD'])
    t.equal(check(basic(`:${password}`), password), 'wrong')
})

t.test('console password: none is right while its file is empty or cannot be read', async t => {
  for (const password of [undefined, '']) {
    const check = createPasswordCheck(() => password)
    t.equal(check(basic(':'), 'a'), 'wrong')
    t.equal(check(basic(':x'), 'b'), 'wrong')
  }
})

t.test('console password: it may change while the service runs', async t => {
  let password = 'old'
  const check = createPasswordCheck(() => password)
  t.equal(check(basic(':old'), 'a'), 'right')
  password = 'new'
  t.equal(check(basic(':old'), 'a'), 'wrong')
  t.equal(check(basic(':new'), 'a'), 'right')
})

t.test(
  'console password: wrong ones are limited for each client and for all, and forgotten after a minute',
  async t => {
    let now = 0
    const check = createPasswordCheck(
      () => 'right',
      () => now
    )
    for (let count = 0; count < mostWrong.client; count++) t.equal(check(basic(':wrong'), 'a'), 'wrong')
    t.equal(check(basic(':right'), 'a'), 'limited')
    t.equal(check(undefined, 'a'), 'wrong', 'a request without a password is not counted')
    t.equal(check(basic(':right'), 'b'), 'right', 'other clients are not limited')
    for (let count = mostWrong.client; count < mostWrong.all; count++) check(basic(':wrong'), `c${count}`)
    t.equal(check(basic(':right'), 'b'), 'limited', 'many clients together')
    now = 59_999
    t.equal(check(basic(':right'), 'b'), 'limited')
    now = 60_000
    t.equal(check(basic(':right'), 'a'), 'right')
  }
)
