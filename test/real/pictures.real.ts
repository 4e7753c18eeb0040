// The pictures in the documentation: screenshots of the real page and of real output. `UPDATE_PICTURES=1` puts them into docs/images.

import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import t from 'tap'
import { doctor } from '../../src/cli/commands/doctor.ts'
import { issue } from '../support/certificates.ts'
import { runCommand } from '../support/cli/terminal.ts'
import { terminalPicture } from '../support/docs/terminal-picture.ts'
import { root, startDomain, webHosts } from '../support/doctor/living-domain.ts'
import { origins, startSetupPages } from './setup-pages.ts'

t.setTimeout(600_000)

const folder = process.env.UPDATE_PICTURES === '1' ? 'docs/images' : join(process.env.ARTIFACTS ?? t.testdir(), 'docs')
await mkdir(folder, { recursive: true })

t.test('pictures: the setup page of an address', async t => {
  const pages = await startSetupPages()
  t.teardown(() => pages.stop())
  const { page } = await pages.open({ viewport: { width: 900, height: 900 } })
  await page.goto(`${origins.seed}/setup?email=jane%40mailbox.org&device=iphone&lang=en`)
  const picture = await page.screenshot({ path: join(folder, 'setup-page.png') })
  t.ok(picture.length > 10_000 && picture.length < 300_000)
})

t.test('pictures: doctor at a domain with an expired certificate', async t => {
  const expired = issue('autoconfig.example.com', { issuer: root, hosts: webHosts, until: -0.5 })
  const args = await startDomain(t, { certificates: { 'autoconfig.example.com': expired } })
  const { code, out } = await runCommand(doctor, args, { FORCE_COLOR: '1' })
  t.equal(code, 1)
  const verdict = out.slice(0, out.search(/\n\S*DNS\S*\n/))
  const programs = out.slice(out.search(/.*Programs/))
  const picture = terminalPicture(`${verdict}\n…\n\n${programs}`, {
    command: 'signpost doctor example.com',
    columns: 120,
    title: 'Terminal output of signpost doctor: an expired certificate, the programs that it affects, and what to do.'
  })
  await writeFile(join(folder, 'doctor.svg'), picture)
  t.match(picture, 'certificate.expired')
})
