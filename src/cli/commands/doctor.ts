/**
 * `signpost doctor`: examines a domain as mail programs do, and reports what is wrong with it.
 */
import { randomBytes } from 'node:crypto'
import { clients } from '../../clients/index.ts'
import type { Client } from '../../clients/model/client.ts'
import { diagnose } from '../../doctor/diagnose.ts'
import { isGrave } from '../../doctor/finding.ts'
import type { Examination } from '../../doctor/look/examination.ts'
import { examine } from '../../doctor/look/examine.ts'
import { type Subject, toSubject } from '../../doctor/look/examined-domain.ts'
import { jsonReport } from '../../doctor/report/json-report.ts'
import { report } from '../../doctor/report/report.ts'
import { toEvidence } from '../../doctor/rules/evidence.ts'
import { errors } from '../../errors.ts'
import type { Resolver } from '../../network/resolver.ts'
import { probeServer } from '../../probes/probe-server.ts'
import { probeService } from '../../probes/probe-service.ts'
import { printable } from '../../settings/load/finding.ts'
import { createLineFormatter } from '../colour.ts'
import { type Call, type Command, type Terminal, valuesOf } from '../command.ts'
import { withNetwork } from '../network-access.ts'
import { networkOptionDefinitions, networkOptions } from '../network-options.ts'

/** All answers together may take this many times the timeout of a single one. */
const budget = 4

export const doctor: Command = {
  name: 'doctor',
  parameters: ['<domain or address>'],
  summary: 'Examine a live domain as mail programs do, and report problems.',
  details: `Looks up the DNS, requests every URL where mail programs look for settings, runs models of sixteen programs, and connects
to the advertised servers. The verdict comes first, then the evidence. It works for any domain, changes nothing there, and needs no password.
Host names are looked up only in the DNS. Private addresses are not contacted unless --allow-private or --connect is given.
Colours are used on a terminal. NO_COLOR=1 turns them off, FORCE_COLOR=1 turns them on.
Exit code: 0 no problems (there may be notes), 1 there are errors or warnings, 2 the domain could not be examined.`,
  options: {
    verbose: { type: 'boolean', summary: 'also show every name and URL without a problem' },
    json: { type: 'boolean', summary: 'print JSON that includes every request' },
    client: { type: 'string', value: 'NAME', multiple: true, summary: 'only this mail program, such as thunderbird' },
    ...networkOptionDefinitions,
    timeout: {
      type: 'string',
      value: 'S',
      summary: `timeout of a single answer in seconds (default 5); ${budget} times that in total`
    },
    'password-stdin': { type: 'boolean', summary: 'log in to the servers with a password from standard input' }
  },
  async run(call) {
    const { terminal, options } = call
    const subject = subjectOf(call)
    const programs = clientsOf(call)
    const network = networkOptions(call)
    const password = options['password-stdin'] === true ? await readPassword(terminal) : undefined
    const progress = createProgress(call)
    const started = performance.now()
    const examination = await withNetwork(
      network,
      async ({ world, connect, signal, now }) => {
        const { timeoutMs, ca, allowPrivate } = network
        const seen = await examine(subject, {
          ...{ world, clients: programs, timeoutMs, allowPrivate, now, signal, progress },
          nonsense: randomBytes(12).toString('hex'),
          probeServer: server => probeServer(server, { connect, ca, timeoutMs, now }, password),
          probeService: service => probeService(service, { exchange: world.exchange, now })
        })
        checkDns(seen, world.resolver)
        return seen
      },
      { budget }
    ).finally(() => progress(''))
    const reading = toEvidence(examination)
    const findings = diagnose(reading)
    const ms = performance.now() - started
    if (options.json === true) terminal.out(jsonReport(reading, { findings, ms }))
    else {
      const lines = report(reading, { findings, ms, isVerbose: options.verbose === true })
      terminal.out(`${lines.map(createLineFormatter(terminal)).join('\n')}\n`)
    }
    return findings.some(isGrave) ? 1 : 0
  }
}

/** @throws AC_USAGE */
function subjectOf({ args: [text = ''], options }: Call): Subject {
  const subject = toSubject(text)
  if (subject === undefined) throw errors.usage({ problem: `found "${text}", expected a domain or a mail address` })
  if (options['password-stdin'] === true && !subject.isAddressTyped) {
    throw errors.usage({
      problem: `--password-stdin: found the domain "${text}", expected a mail address to log in with`
    })
  }
  return subject
}

/** @throws AC_USAGE */
function clientsOf(call: Call): readonly Client[] {
  const names = valuesOf(call, 'client')
  const unknown = names.find(name => !clients.some(client => client.name === name))
  if (unknown !== undefined) {
    const known = clients.map(({ name }) => name).join(', ')
    throw errors.usage({ problem: `--client: found "${unknown}", expected one of ${known}` })
  }
  return names.length === 0 ? clients : clients.filter(({ name }) => names.includes(name))
}

/** Why only the first line: a file that contains a password ends in a line feed. */
async function readPassword({ input }: Terminal): Promise<string> {
  const [password = ''] = (await input()).split(/\r?\n/)
  if (password === '')
    throw errors.usage({ problem: '--password-stdin: found nothing on standard input, expected a password' })
  return password
}

/** @throws AC_NO_RESOLVER if every DNS lookup failed, so that nothing is known about the domain */
function checkDns({ dns }: Examination, { servers }: Resolver): void {
  if (!dns.every(({ fault }) => fault === 'unreachable' || fault === 'timeout')) return
  const reason = [...new Set(dns.map(({ fault }) => fault))].join(', ')
  throw errors.noResolver({ resolver: servers.join(', '), reason })
}

/** @returns a function that overwrites one line of the terminal with the text */
function createProgress({ terminal, options }: Call): (text: string) => void {
  if (!terminal.isTerminal.err || options.json === true) return () => undefined
  return text => terminal.err(`\r\u001b[K${printable(text.slice(0, 70))}`)
}
