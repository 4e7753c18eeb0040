/**
 * `signpost doctor`: what mail programs see of a domain, ours or anyone's, and what is wrong with it.
 */
import { randomBytes } from 'node:crypto'
import { setMaxListeners } from 'node:events'
import { diagnose } from '../../doctor/diagnose.ts'
import { isGrave } from '../../doctor/finding.ts'
import type { Examination } from '../../doctor/look/examination.ts'
import { examine } from '../../doctor/look/examine.ts'
import { jsonReport } from '../../doctor/report/json-report.ts'
import { report } from '../../doctor/report/report.ts'
import { toReading } from '../../doctor/rules/evidence.ts'
import { errors } from '../../errors.ts'
import { createConnect } from '../../network/connector.ts'
import { createExchanger } from '../../network/http-exchange.ts'
import { createNetworkWorld } from '../../network/network-world.ts'
import { createResolver, type Resolver } from '../../network/resolver.ts'
import { probeServer } from '../../probes/probe-server.ts'
import { probeService } from '../../probes/services/probe-service.ts'
import { printable } from '../../settings/load/finding.ts'
import { createPaint } from '../colour.ts'
import type { Call, Command, Terminal } from '../command.ts'
import { type DoctorOptions, doctorOptions } from '../doctor-options.ts'

/** The whole may take so many times what one answer may. */
const answersInTurn = 4

export const doctor: Command = {
  name: 'doctor',
  parameters: ['<domain or address>'],
  summary: 'See a live domain as mail programs do, and what is wrong with it.',
  details: `Looks at the DNS, at every URL where mail programs look for settings, runs models of sixteen programs, and connects to
the servers that are advertised. Anyone's domain; nothing is changed there, and no password is needed.
Names are looked up in the DNS alone. Private addresses are not asked, unless --allow-private or --connect says so.
Colours: on a terminal; NO_COLOR=1 takes them off, FORCE_COLOR=1 keeps them on.
Exit code: 0 all is well (there may be notes), 1 there are errors or warnings, 2 could not run.`,
  options: {
    resolver: { type: 'string', value: 'IP[:PORT]', summary: "DNS server to ask (default: the system's)" },
    json: { type: 'boolean', summary: 'print JSON, with everything that was asked' },
    client: { type: 'string', value: 'NAME', multiple: true, summary: 'only this mail program, such as thunderbird' },
    timeout: {
      type: 'string',
      value: 'S',
      summary: `seconds that one answer may take (default 5); all together ${answersInTurn} times that`
    },
    connect: {
      type: 'string',
      value: 'HOST=IP:PORT',
      multiple: true,
      summary: 'connect there for this host; HOST:PORT=IP:PORT for one port of it'
    },
    ca: { type: 'string', value: 'FILE', summary: 'PEM: authorities to trust besides the usual ones' },
    'allow-private': { type: 'boolean', summary: 'ask private addresses too, to look at a network from inside' },
    'password-stdin': { type: 'boolean', summary: 'log in to the servers, with a password from standard input' }
  },
  async run(call) {
    const options = doctorOptions(call)
    const password = call.options['password-stdin'] === true ? await readPassword(call.terminal) : undefined
    const started = performance.now()
    const examination = await look(options, { password, progress: createProgress(call) })
    const reading = toReading(examination)
    const findings = diagnose(reading)
    const ms = performance.now() - started
    if (call.options.json === true) call.terminal.out(jsonReport(reading, { findings, ms }))
    else print(call.terminal, report(reading, { findings, ms }))
    return findings.some(isGrave) ? 1 : 0
  }
}

/** Why the first line: a file with a password ends in a line feed. */
async function readPassword({ input }: Terminal): Promise<string> {
  const [password = ''] = (await input()).split(/\r?\n/)
  if (password === '')
    throw errors.usage({ problem: '--password-stdin: found nothing on standard input, expected a password' })
  return password
}

interface Looking {
  readonly password: string | undefined
  readonly progress: (text: string) => void
}

async function look(options: DoctorOptions, { password, progress }: Looking): Promise<Examination> {
  const { subject, clients, timeoutMs, ca, allowPrivate, overrides } = options
  const over = new AbortController()
  // Why: each of the connections listens to it.
  setMaxListeners(0, over.signal)
  const timer = setTimeout(() => over.abort(), answersInTurn * timeoutMs)
  const resolver = createResolver({ timeoutMs, ...(options.resolver !== undefined && { servers: [options.resolver] }) })
  const connect = createConnect({ resolver, overrides, allowPrivate, timeoutMs, signal: over.signal })
  const world = createNetworkWorld(createExchanger({ connect, ca, timeoutMs, signal: over.signal }), resolver)
  const now = () => Date.now()
  try {
    const examination = await examine(subject, {
      ...{ world, clients, timeoutMs, allowPrivate, now, signal: over.signal },
      nonsense: randomBytes(12).toString('hex'),
      probeServer: server => probeServer(server, { connect, ca, timeoutMs, now }, password),
      probeService: service => probeService(service, { exchange: world.exchange, now }),
      progress
    })
    checkDns(examination, resolver)
    return examination
  } finally {
    clearTimeout(timer)
    progress('')
  }
}

/** @throws AC_NO_RESOLVER where no look-up brought anything: then nothing is known of the domain */
function checkDns({ dns }: Examination, { servers }: Resolver): void {
  if (!dns.every(({ fault }) => fault === 'unreachable' || fault === 'timeout')) return
  const reason = [...new Set(dns.map(({ fault }) => fault))].join(', ')
  throw errors.noResolver({ resolver: servers.join(', '), reason })
}

/** On a terminal one line that is written over and over, and is gone at the end. */
function createProgress({ terminal, options }: Call): (text: string) => void {
  if (!terminal.isTerminal.err || options.json === true) return () => undefined
  return text => terminal.err(`\r\u001b[K${printable(text.slice(0, 70))}`)
}

function print(terminal: Terminal, lines: Parameters<ReturnType<typeof createPaint>>[0][]): void {
  const paint = createPaint(terminal)
  terminal.out(`${lines.map(paint).join('\n')}\n`)
}
