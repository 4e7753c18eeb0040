import t, { type Test } from 'tap'
import { parseCall } from '../../src/cli/command.ts'
import { doctor } from '../../src/cli/commands/doctor.ts'
import { networkOptions } from '../../src/cli/options/network-options.ts'
import { clients } from '../../src/clients/index.ts'
import { examineDomain } from '../../src/doctor/examine-domain.ts'
import { neutralSubject } from '../../src/doctor/look/examined-domain.ts'
import { startDomain } from '../support/doctor/living-domain.ts'

const document = 'https://autoconfig.example.com/mail/config-v1.1.xml'

/** @returns the distinct waiting times of a server that limits requests, in milliseconds */
async function waitsWith(t: Test, headers: Record<string, string>) {
  const args = await startDomain(t, {
    answers: { [`GET ${document}`]: (_request, response) => response.writeHead(429, headers).end() }
  })
  const terminal = {
    ...{ env: {}, out: () => undefined, err: () => undefined, input: async () => Buffer.alloc(0) },
    isTerminal: { out: false, err: false }
  }
  const network = networkOptions(parseCall(doctor, [...args, '--timeout', '60'], terminal))
  const waits = new Set<number>()
  const options = { network, clients: clients.filter(({ name }) => name === 'geary'), progress: () => undefined }
  const { findings } = await examineDomain(neutralSubject('example.com'), {
    ...options,
    orderProblemOf: async domain => ({ unreadable: domain }),
    limited: waitMs => waits.add(waitMs)
  })
  t.match(findings.find(({ rule }) => rule === 'certificate.order-unknown')?.message, 'example.com')
  t.ok(findings.some(({ rule }) => rule === 'http.forbidden'))
  await examineDomain(neutralSubject('example.com'), options)
  return [...waits]
}

t.test('examine domain: reports the waiting time of a server that limits requests', async t => {
  for (const [headers, waitMs] of [
    [{ 'retry-after': '7' }, 7_000],
    [{ 'retry-after': '86400' }, 120_000],
    [{ 'retry-after': 'Mon, 30 Nov 2026 12:00:00 GMT' }, 60_000],
    [{}, 60_000]
  ] as const) {
    await t.test(JSON.stringify(headers), async t => t.same(await waitsWith(t, headers), [waitMs]))
  }
})
