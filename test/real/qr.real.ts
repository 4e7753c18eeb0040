// The images of `signpost qr`, rendered by librsvg and read by ZBar.

import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import t from 'tap'
import { type Outcome, run } from './program.ts'

const directory = await mkdtemp(join(tmpdir(), 'signpost-qr-'))
t.teardown(() => rm(directory, { recursive: true }))

const MAIN = process.env.SIGNPOST_MAIN ?? 'src/main.ts'

for (const [index, call] of [
  ['thunderbird', 'jane@mailbox.org'],
  ['thunderbird', `${'x'.repeat(64)}@mailbox.org`, '--name', 'Jöhn "J" Doe \u{1f4eb}'],
  ['apple', 'jane@mailbox.org'],
  ['apple', `${'x'.repeat(64)}@mailbox.org`, '--name', 'Jöhn "J" Doe \u{1f4eb}']
].entries()) {
  t.test(`zbarimg: reads ${call.join(' ')}, also on a dark page`, async t => {
    const [text, svg] = await Promise.all([signpost(...call, '--format', 'text'), signpost(...call, '--format', 'svg')])
    t.equal(text.exitCode, 0, text.output)
    const picture = join(directory, `${index}`)
    await writeFile(`${picture}.svg`, svg.output)
    const drawing = ['--zoom=2', '--background-color=black', `--output=${picture}.png`, `${picture}.svg`]
    t.same(await run('rsvg-convert', drawing), { exitCode: 0, output: '' })
    t.same(await run('zbarimg', ['--nodbus', '--quiet', '--raw', `${picture}.png`]), text)
  })
}

function signpost(...args: string[]): Promise<Outcome> {
  return run(process.execPath, [MAIN, 'qr', ...args, '--config', 'config/signpost.yaml'])
}
