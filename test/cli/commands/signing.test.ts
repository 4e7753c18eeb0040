/**
 * The commands `check`, `render` and `serve` with signed profiles.
 */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { check } from '../../../src/cli/commands/check.ts'
import { render } from '../../../src/cli/commands/render.ts'
import { type Issued, issue, rsaKey } from '../../support/certificates.ts'
import { startProgram } from '../../support/cli/program.ts'
import { runCommand } from '../../support/cli/terminal.ts'
import { readSigned } from '../../support/read-signed.ts'
import { exampleSettings } from '../../support/served-app.ts'

/** @returns the settings file, with a key pair next to it */
function fileWith(t: Test, { pem, keyPem }: Issued, more = ''): string {
  const settings = `signing: { certificate: chain.pem, key: key.pem${more} }\n${exampleSettings}`
  return join(t.testdir({ 'a.yaml': settings, 'chain.pem': pem, 'key.pem': keyPem }), 'a.yaml')
}

const unknownRoot = (folder: string) =>
  `${folder}chain.pem:1:1 signing.certificate: warning: found a chain that ends at "mail.example.com", which devices do not know: they show "Not Verified" until they are configured to trust it\n`
const expired = issue('mail.example.com', { from: -9, until: -1 })

t.test('signing: check prints problems of the certificate, the signer and the expiry date', async t => {
  const issued = issue('mail.example.com', { until: 30 })
  const file = fileWith(t, issued)
  const { code, out } = await runCommand(check, ['--config', file])
  t.equal(code, 0)
  t.match(out, unknownRoot(file.replace('a.yaml', '')))
  t.match(
    out,
    `${file}: Apple profiles are signed by mail.example.com, until ${issued.certificate.validToDate.toISOString()}\n`
  )
})

for (const [required, expected] of [
  [false, 0],
  [true, 1]
] as const) {
  t.test(`signing: check exits with ${expected} for an expired certificate if required is ${required}`, async t => {
    const file = fileWith(t, expired, `, required: ${required}`)
    const { code, out } = await runCommand(check, ['--config', file])
    t.equal(code, expected)
    t.match(out, required ? ' signing.certificate: found the cert' : ' signing.certificate: warning: found the cert')
    t.notMatch(out, 'are signed by')
  })
}

t.test('signing: check of an invalid table reads the certificate, too', async t => {
  const file = fileWith(t, expired)
  writeFileSync(file, 'signing: { certificate: no.pem, key: no.pem }\n')
  const { code, out } = await runCommand(check, ['--config', file])
  t.equal(code, 1)
  t.match(out, 'found no providers')
  t.match(out, 'no such file')
})

t.test('signing: render prints the signed profile as it is served, and leaves other documents unchanged', async t => {
  const file = fileWith(t, issue('mail.example.com', { key: rsaKey() }))
  const plainFile = file.replace('a.yaml', 'plain.yaml')
  writeFileSync(plainFile, exampleSettings)
  const run = (dialect: string, config: string) => runCommand(render, [dialect, 'jane@example.com', '--config', config])
  const plain = await run('apple', plainFile)
  const signed = await run('apple', file)
  t.equal(signed.code, 0)
  t.equal(readSigned(Buffer.from(signed.out, 'latin1')).content.toString(), plain.out)
  t.equal(signed.err, unknownRoot(file.replace('a.yaml', '')))
  t.same(await run('thunderbird', file), await run('thunderbird', plainFile))
})

t.test('signing: render prints what is served without a valid certificate', async t => {
  const run = (config: string) => runCommand(render, ['apple', 'jane@example.com', '--config', config])
  const { code, out, err } = await run(fileWith(t, expired))
  t.equal(code, 0)
  t.match(out, /^<\?xml /)
  t.match(err, 'which expired on')
  await t.rejects(run(fileWith(t, expired, ', required: true')), { code: 'AC_CANNOT_SIGN' })
})

t.test('signing: serve uses a renewed certificate automatically and after SIGHUP', async t => {
  const file = fileWith(t, issue('first.example.com'))
  const put = ({ pem, keyPem }: Issued) => {
    writeFileSync(file.replace('a.yaml', 'chain.pem'), pem)
    writeFileSync(file.replace('a.yaml', 'key.pem'), keyPem)
  }
  const program = startProgram(t, ['serve', '--config', file, '--listen', '127.0.0.1:0'])
  const { origin } = new URL(await program.says(/http:\S+:\d+/))
  const signerName = async () => {
    const answer = await fetch(`${origin}/email.mobileconfig?email=jane@example.com`)
    const { certificates } = readSigned(Buffer.from(await answer.arrayBuffer()))
    return certificates[0]?.subject
  }
  await program.says(/"level":"warn".*ends at .*first\.example\.com/)
  await program.says(/"level":"info".*"by":"first\.example\.com","until":"20\S+Z","msg":"profiles are signed"/)
  t.equal(await signerName(), 'CN=first.example.com')
  put(issue('second.example.com'))
  await program.says(/"by":"second\.example\.com".*profiles are signed/)
  t.equal(await signerName(), 'CN=second.example.com')
  put(expired)
  await program.says(/"level":"warn".*which expired on[\s\S]*"by":"second\.example\.com"/)
  t.equal(await signerName(), 'CN=second.example.com')
  put(issue('third.example.com'))
  program.kill('SIGHUP')
  await program.says(/settings reloaded[\s\S]*"by":"third\.example\.com"/)
  t.equal(await signerName(), 'CN=third.example.com')
  program.kill('SIGTERM')
  const { code, out, err } = await program.ended
  t.equal(code, 0)
  t.notMatch(out + err, 'PRIVATE')
})
