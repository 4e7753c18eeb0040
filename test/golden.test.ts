/**
 * Every golden file: the settings in it, asked by the request in it, give the answer in it, byte for byte.
 * `UPDATE_GOLDEN=1 npm test` writes the answers anew; a new case needs only settings and request.
 */

import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import t from 'tap'
import { parse } from 'yaml'
import { createApp } from '../src/app.ts'
import { createLogger } from '../src/http/log/access-log.ts'
import { createSource } from '../src/sources/source.ts'
import { formatAnswer, parseAnswer, readGolden, toInjection, writeGolden } from './golden/golden-file.ts'
import { answerFaults } from './schemas/answer-faults.ts'
import { tableOf } from './support/table-of.ts'

const folder = new URL('golden/', import.meta.url)
const logger = createLogger({ level: 'silent' }, { write: () => undefined })
const update = process.env.UPDATE_GOLDEN === '1'

for (const name of readdirSync(folder, { encoding: 'utf8', recursive: true }).sort()) {
  // Why: dns is a command, see test/dns/golden.test.ts.
  if (!name.endsWith('.golden') || name.startsWith('dns/')) continue
  t.test(name, async t => {
    const file = new URL(name, folder)
    const golden = readGolden(readFileSync(file, 'utf8'))
    const app = createApp({ source: createSource({ table: tableOf(golden.settings) }), logger })
    const answer = formatAnswer(await app.inject(toInjection(golden.request)))
    if (update) writeFileSync(file, writeGolden({ ...golden, answer }))
    else t.equal(answer, golden.answer)
    const allowed = {
      extras: golden.settings.includes('autoconfig:'),
      ownNames: /servers:.*username:/s.test(golden.settings)
    }
    t.same(answerFaults(parseAnswer(answer), allowed), [])
  })
}

t.test('the seed is the provider of config/signpost.yaml', async t => {
  const shipped = parse(readFileSync(new URL('../config/signpost.yaml', import.meta.url), 'utf8'))
  for (const dialect of ['thunderbird', 'outlook', 'apple', 'web']) {
    const { settings } = readGolden(readFileSync(new URL(`${dialect}/seed.golden`, folder), 'utf8'))
    t.same(parse(settings).providers, shipped.providers)
  }
})
