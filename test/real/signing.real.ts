// Signed profiles, verified by openssl: with RSA and with EC on P-256, as a device gets them.

import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { openSigning } from '../../src/keys/signing.ts'
import { ecKey, issueChain, rsaKey } from '../support/certificates.ts'
import { exampleSettings, serveApp } from '../support/served-app.ts'
import { tableOf } from '../support/table-of.ts'
import { createAuthority } from './certificate-authority.ts'
import { run } from './program.ts'

const directory = await mkdtemp(join(tmpdir(), 'signpost-signing-'))
t.teardown(() => rm(directory, { recursive: true }))
const file = (name: string) => join(directory, name)

const url = '/email.mobileconfig?email=jane@example.com&name=Zo%C3%AB'
const settings = (chain: string, key: string) => `signing: { certificate: ${chain}, key: ${key} }\n${exampleSettings}`

/** @returns the profile as it is served unsigned, and signed with the files */
async function serve(t: Test, chain: string, key: string): Promise<{ plain: Buffer; signed: Buffer }> {
  const table = tableOf(settings(chain, key))
  const signing = openSigning(file('signpost.yaml'), () => table.settings.signing)
  const signed = await serveApp(t, { table }, { signing }).app.inject(url)
  const plain = await serveApp(t).app.inject(url)
  return { plain: plain.rawPayload, signed: signed.rawPayload }
}

/** @returns whether openssl accepts the signature, and the content */
async function verify(signed: Buffer, root: string, ...more: string[]): Promise<{ good: boolean; content: Buffer }> {
  await writeFile(file('signed.der'), signed)
  await writeFile(file('content'), '')
  const { exitCode, output } = await run('openssl', [
    ...['cms', '-verify', '-binary', '-inform', 'DER', '-in', file('signed.der'), '-out', file('content')],
    ...['-purpose', 'any', '-CAfile', root, ...more]
  ])
  const good = exitCode === 0 && output.includes('CMS Verification successful')
  return { good, content: await readFile(file('content')) }
}

for (const { kind, key } of [
  { kind: 'RSA', key: rsaKey() },
  { kind: 'EC', key: ecKey() }
]) {
  t.test(`openssl: accepts a profile signed with ${kind} with the same content, and rejects damaged ones`, async t => {
    const { root, intermediate, leaf } = issueChain('mail.example.com', { key })
    await writeFile(file('root.pem'), root.pem)
    await writeFile(file('chain.pem'), leaf.pem + intermediate.pem + root.pem)
    await writeFile(file('key.pem'), leaf.keyPem)
    const { plain, signed } = await serve(t, 'chain.pem', 'key.pem')
    const { good, content } = await verify(signed, file('root.pem'))
    t.ok(good)
    t.ok(content.equals(plain))

    const turned = Buffer.from(signed)
    const at = signed.indexOf('imap.example.com')
    turned.writeUInt8(signed.readUInt8(at) ^ 1, at)
    t.notOk((await verify(turned, file('root.pem'))).good, 'one bit changed')

    const afterwards = Math.ceil(leaf.certificate.validToDate.getTime() / 1000) + 1
    t.notOk((await verify(signed, file('root.pem'), '-attime', String(afterwards))).good, 'expired')

    await writeFile(file('signed.der'), signed)
    const listed = await run('openssl', [
      'pkcs7',
      '-inform',
      'DER',
      '-in',
      file('signed.der'),
      '-print_certs',
      '-noout'
    ])
    t.same(listed.output.match(/(?<=^subject=CN ?= ?)\S.*/gm), ['mail.example.com', 'Test Intermediate'])

    await writeFile(file('chain.pem'), leaf.pem)
    const alone = await serve(t, 'chain.pem', 'key.pem')
    t.notOk((await verify(alone.signed, file('root.pem'))).good, 'the intermediate is missing')
  })
}

t.test('openssl: verifies a profile that is signed with a certificate from OpenSSL', async t => {
  const authority = await createAuthority(file('authority'))
  const { chain, key } = await authority.issue(['mail.example.com'])
  const { plain, signed } = await serve(t, chain, key)
  const { good, content } = await verify(signed, authority.root)
  t.ok(good)
  t.ok(content.equals(plain))
})
