import t from 'tap'
import { createPasswordCheck, mostWrong } from '../../../src/console/access/password.ts'

/** Addresses of clients on other machines. */
const at = (address: string) => ({ address, isLocal: false })

const basic = (text: string) => `Basic ${Buffer.from(text).toString('base64')}`

t.test('console password: the correct password is accepted with any user name, and no other one is', async t => {
  const check = createPasswordCheck(() => 'sécret: word')
  for (const user of ['', 'admin', 'jane']) t.equal(check(basic(`${user}:sécret: word`), at('a')), 'right', user)
  t.equal(check(`BASIC ${Buffer.from(':sécret: word').toString('base64')}`, at('a')), 'right')
  for (const header of [undefined, '', 'Basic', 'Bearer x', basic('no colon'), basic('')]) {
    t.equal(check(header, at('a')), 'wrong', String(header))
  }
  for (const password of ['', 'sécret', 'sécret: word ', 'SÉCRET: WORD'])
    t.equal(check(basic(`:${password}`), at(password)), 'wrong')
})

t.test('console password: no password is accepted while its file is empty or cannot be read', async t => {
  for (const password of [undefined, '']) {
    const check = createPasswordCheck(() => password)
    t.equal(check(basic(':'), at('a')), 'wrong')
    t.equal(check(basic(':x'), at('b')), 'wrong')
  }
})

t.test('console password: the password can change while the service runs', async t => {
  let password = 'old'
  const check = createPasswordCheck(() => password)
  t.equal(check(basic(':old'), at('a')), 'right')
  password = 'new'
  t.equal(check(basic(':old'), at('a')), 'wrong')
  t.equal(check(basic(':new'), at('a')), 'right')
})

t.test(
  'console password: wrong passwords are limited for each client and for all clients, and expire after a minute',
  async t => {
    let now = 0
    const check = createPasswordCheck(
      () => 'right',
      () => now
    )
    for (let count = 0; count < mostWrong.client; count++) t.equal(check(basic(':wrong'), at('a')), 'wrong')
    t.equal(check(basic(':right'), at('a')), 'limited')
    t.equal(check(undefined, at('a')), 'wrong', 'a request without a password is not counted')
    t.equal(check(basic(':right'), at('b')), 'right', 'other clients are not limited')
    for (let count = mostWrong.client; count < mostWrong.all; count++) check(basic(':wrong'), at(`c${count}`))
    t.equal(check(basic(':right'), at('z')), 'limited', 'many clients together')
    now = 59_999
    t.equal(check(basic(':right'), at('z')), 'limited')
    now = 60_000
    t.equal(check(basic(':right'), at('a')), 'right')
  }
)

t.test(
  'console password: strangers cannot lock out this machine, or a network that sent the correct password before',
  async t => {
    const check = createPasswordCheck(() => 'right')
    const local = { address: '127.0.0.1', isLocal: true }
    t.equal(check(basic(':right'), at('2001:db8:0:1::1')), 'right')
    for (let count = 0; count < mostWrong.all; count++) check(basic(':wrong'), at(`192.0.2.${count}`))
    t.equal(check(basic(':right'), at('198.51.100.1')), 'limited')
    t.equal(check(basic(':right'), local), 'right')
    t.equal(check(basic(':right'), at('2001:db8:0:1::2')), 'right')
    for (let count = 0; count < mostWrong.client; count++) check(basic(':wrong'), local)
    t.equal(check(basic(':right'), local), 'limited', 'this machine has a separate limit')
  }
)

t.test('console password: all addresses of an IPv6 network are one client', async t => {
  const check = createPasswordCheck(() => 'right')
  for (let count = 0; count < mostWrong.client; count++) check(basic(':wrong'), at(`2001:db8::${count}`))
  t.equal(check(basic(':right'), at('2001:db8::ffff')), 'limited')
})

t.test('console password: the number of remembered networks is bounded', async t => {
  const check = createPasswordCheck(() => 'right')
  for (let count = 0; count < 101; count++) check(basic(':right'), at(`192.0.2.${count}`))
  for (let count = 0; count < mostWrong.all; count++) check(basic(':wrong'), at(`203.0.113.${count}`))
  t.equal(check(basic(':right'), at('192.0.2.99')), 'right')
  t.equal(check(basic(':right'), at('192.0.2.100')), 'limited')
})
