import { createHmac, createPublicKey, hash, verify } from 'node:crypto'
import t from 'tap'
import { bindExternalAccount, keyAuthorization, signRequest } from '../../src/acme/jws.ts'
import { ecKey } from '../support/certificates.ts'

const key = ecKey()
const { crv, kty, x, y } = createPublicKey(key).export({ format: 'jwk' })
const read = (text: string) => JSON.parse(Buffer.from(text, 'base64url').toString())

t.test('jws: a request without an account has the public key, and its signature is that of the key', async t => {
  const url = 'https://ca.example/new'
  const body = JSON.parse(signRequest({ key, account: undefined, url, nonce: 'n1', payload: { a: 1 } }))
  t.same(read(body.protected), { alg: 'ES256', jwk: { crv, kty, x, y }, nonce: 'n1', url })
  t.same(read(body.payload), { a: 1 })
  const signed = Buffer.from(`${body.protected}.${body.payload}`)
  const signature = Buffer.from(body.signature, 'base64url')
  t.ok(verify('sha256', signed, { key: createPublicKey(key), dsaEncoding: 'ieee-p1363' }, signature))
})

t.test('jws: a request of an account names it, and reads with an empty payload', async t => {
  const account = 'https://ca.example/account/1'
  const body = JSON.parse(signRequest({ key, account, url: 'https://ca.example/1', nonce: 'n', payload: undefined }))
  t.same(read(body.protected), { alg: 'ES256', kid: account, nonce: 'n', url: 'https://ca.example/1' })
  t.equal(body.payload, '')
})

t.test('jws: an external account signs the public key with its HMAC key', async t => {
  const hmacKey = Buffer.from('a secret').toString('base64url')
  const bound = bindExternalAccount(key, { id: 'kid-1', hmacKey }, { url: 'https://ca.example/new' })
  t.same(read(bound.protected), { alg: 'HS256', kid: 'kid-1', url: 'https://ca.example/new' })
  t.same(read(bound.payload), { crv, kty, x, y })
  const mac = createHmac('sha256', 'a secret').update(`${bound.protected}.${bound.payload}`).digest('base64url')
  t.equal(bound.signature, mac)
})

t.test('jws: a key authorization is the token and the thumbprint of RFC 7638', async t => {
  const thumbprint = hash('sha256', `{"crv":"${crv}","kty":"${kty}","x":"${x}","y":"${y}"}`, 'base64url')
  t.equal(keyAuthorization('token', key), `token.${thumbprint}`)
})
