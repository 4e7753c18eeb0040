import t from 'tap'
import { type Document, document } from '../../src/dialects/document.ts'
import { createLogger } from '../../src/http/log/access-log.ts'
import { createSigner } from '../../src/http/signer.ts'
import type { KeyPair } from '../../src/keys/key-pair.ts'
import { issueChain } from '../support/certificates.ts'
import { readSigned } from '../support/read-signed.ts'
import { exampleSettings, serveApp } from '../support/served-app.ts'
import { tableOf } from '../support/table-of.ts'

const { leaf, intermediate } = issueChain('mail.example.com')
const signingKey: KeyPair = {
  chain: [leaf.certificate, intermediate.certificate],
  key: leaf.key,
  name: 'mail.example.com',
  notBefore: 0,
  notAfter: Number.POSITIVE_INFINITY
}

const files = '{ certificate: chain.pem, key: key.pem }'
const required = files.replace(' }', ', required: true }')
const settings = (signing: string) => `signing: ${signing}\n${exampleSettings}`

const profile = (text = 'jane') =>
  document(200, { 'content-type': 'application/x-apple-aspen-config' }, `<plist>Zoë ${text}</plist>`)

function certificatesIn({ body }: Document): number {
  return readSigned(Buffer.from(body, 'latin1')).certificates.length
}

interface SignerSettings {
  /** The `signing` settings in YAML. Default: none. */
  readonly signing?: string
  readonly keyAt?: (now: number) => KeyPair | undefined
}

function signer({ signing, keyAt = () => signingKey }: SignerSettings) {
  const lines: string[] = []
  const clock = { now: 1_000_000 }
  const sign = createSigner({
    source: { table: tableOf(signing === undefined ? exampleSettings : settings(signing)) },
    signing: { keyAt },
    logger: createLogger(undefined, { write: line => lines.push(line) }),
    now: () => clock.now
  })
  return { sign, clock, readLog: () => lines.splice(0).join('') }
}

t.test('signer: without settings, documents are unchanged', async t => {
  const { sign } = signer({})
  const plain = profile()
  t.equal(sign(plain), plain)
})

t.test('signer: the signed document contains the original, and keeps all headers except the length', async t => {
  const { sign } = signer({ signing: files })
  const { status, headers, body } = sign(profile())
  t.equal(status, 200)
  t.same(headers, { 'content-type': 'application/x-apple-aspen-config', 'content-length': body.length })
  const { content, certificates } = readSigned(Buffer.from(body, 'latin1'))
  t.equal(content.toString(), profile().body)
  t.equal(certificates.length, 2)
})

t.test('signer: refusals and redirects are not signed', async t => {
  const { sign } = signer({ signing: files })
  for (const status of [302, 400, 404]) {
    const other = document(status, {}, 'x')
    t.equal(sign(other), other)
  }
})

t.test('signer: without a valid key the profile is unsigned, which is logged once for each failure', async t => {
  let key: KeyPair | undefined
  const { sign, readLog } = signer({ signing: files, keyAt: () => key })
  const plain = profile()
  t.equal(sign(plain), plain)
  t.match(readLog(), /"level":"warn".*no valid certificate to sign with: profiles are served unsigned"\}\n$/)
  t.equal(sign(plain), plain)
  t.equal(readLog(), '')
  key = signingKey
  t.not(sign(plain), plain)
  key = undefined
  t.equal(sign(plain), plain)
  t.match(readLog(), /"level":"warn"/)
})

t.test('signer: if signing is required, there is no profile without a valid key', async t => {
  const { sign, readLog } = signer({ signing: required, keyAt: () => undefined })
  t.match(sign(profile()), { status: 503, headers: { 'content-type': 'text/plain; charset=utf-8' } })
  t.match(
    readLog(),
    /"level":"error".*"code":"AC_CANNOT_SIGN".*no valid certificate to sign with: profiles are refused"\}\n$/
  )
  t.equal(sign(document(404, {}, '')).status, 404)
})

t.test('signer: a document is signed each time it is requested', async t => {
  const { sign } = signer({ signing: files })
  const signed = Array.from({ length: 10 }, () => sign(profile()))
  t.equal(new Set(signed).size, 10)
  // Why: an ECDSA signature contains a random number, so equal signatures would mean that one was cached.
  t.equal(new Set(signed.map(({ body }) => body)).size, 10)
})

t.test('signer: a new key is used for the next request', async t => {
  let key = signingKey
  const { sign } = signer({ signing: files, keyAt: () => key })
  t.equal(certificatesIn(sign(profile())), 2)
  key = { ...signingKey, chain: [leaf.certificate] }
  t.equal(certificatesIn(sign(profile())), 1)
})

t.test('signer: nothing is signed once the certificate has expired', async t => {
  const { sign, clock } = signer({
    signing: required,
    keyAt: now => (now <= 1_000_010 ? signingKey : undefined)
  })
  t.equal(sign(profile()).status, 200)
  clock.now += 11
  t.equal(sign(profile()).status, 503)
})

t.test('signer: served profiles are signed, other documents are not', async t => {
  const { app } = serveApp(t, { table: tableOf(settings(files)) }, { signing: { keyAt: () => signingKey } })
  const { app: plainApp } = serveApp(t)
  const url = '/email.mobileconfig?email=jane@example.com&name=Zo%C3%AB'
  const plain = await plainApp.inject(url)
  const signed = await app.inject(url)
  t.equal(signed.headers['content-type'], 'application/x-apple-aspen-config')
  t.equal(signed.headers['content-disposition'], plain.headers['content-disposition'])
  t.equal(Number(signed.headers['content-length']), signed.rawPayload.length)
  t.equal(signed.rawPayload.toString('hex', 0, 2), '3082')
  t.ok(readSigned(signed.rawPayload).content.equals(plain.rawPayload))
  const head = await app.inject({ method: 'HEAD', url })
  // Why the lengths may differ: each response has a new ECDSA signature, and their lengths differ by a few bytes.
  t.ok(Number(head.headers['content-length']) > plain.rawPayload.length)
  t.equal(head.body, '')
  const autoconfig = { url: '/mail/config-v1.1.xml', headers: { host: 'example.com' } }
  t.equal((await app.inject(autoconfig)).body, (await plainApp.inject(autoconfig)).body)
})

t.test('signer: a profile that must be signed but cannot be gets 503 with an explanation, which is logged', async t => {
  const { app, readLog } = serveApp(t, settings(required))
  const { statusCode, headers, body } = await app.inject('/email.mobileconfig?email=jane@example.com')
  t.equal(statusCode, 503)
  t.equal(headers['content-type'], 'text/plain; charset=utf-8')
  t.equal(body, 'Profiles cannot be signed at the moment; try again later. [AC_CANNOT_SIGN]\n')
  t.match(readLog(), /"dialect":"apple".*"outcome":"failed"/)
  const plain = await app.inject({
    url: '/email.mobileconfig?email=jane@example.com',
    headers: { host: 'example.com', 'x-forwarded-proto': 'http' }
  })
  t.equal(plain.statusCode, 302)
})
