/**
 * `signpost doctor`: examines domains as mail programs do, and reports what is wrong with them.
 */
import { davClients } from '../../clients/dav/index.ts'
import { clients } from '../../clients/index.ts'
import {
  type ExamineDomainOptions,
  type ExaminedDomain,
  examinationBudget,
  examineDomain
} from '../../doctor/examine-domain.ts'
import { isGrave } from '../../doctor/finding.ts'
import { type Subject, toSubject } from '../../doctor/look/examined-domain.ts'
import { jsonReport, toJsonReport, writeJsonReport } from '../../doctor/report/json-report.ts'
import type { Line } from '../../doctor/report/line.ts'
import { overview, toJsonOverview } from '../../doctor/report/overview.ts'
import { report } from '../../doctor/report/report.ts'
import { errors } from '../../errors.ts'
import { openFile } from '../../sources/file.ts'
import { createLineFormatter } from '../colour.ts'
import { type Call, type Command, configOption, type Terminal, valuesOf } from '../command.ts'
import { type ExaminedResult, examineAll } from '../examine-all.ts'
import { networkOptionDefinitions, networkOptions } from '../options/network-options.ts'
import { createProgress, progressBar } from '../progress.ts'
import { withServedDomains } from '../records/served-domains.ts'
import { existingConfigFile } from '../table/no-settings.ts'
import { findOrderProblems, orderProblems } from '../table/order-problems.ts'

export const doctor: Command = {
  name: 'doctor',
  parameters: ['[domain or address]'],
  summary: 'Examine a live domain as mail programs do, and report problems.',
  details: `Looks up the DNS, requests every URL where mail programs look for settings, runs models of twenty-one programs, and connects
to the advertised servers. The verdict comes first, then the evidence. It works for any domain, changes nothing there, and needs no password.
--all examines every domain that a settings table and its directory list, and prints one row for each of them, and each cause once:
signpost doctor --all config/signpost.yaml
If the service of the settings table orders certificates itself (ACME), the last problem of a domain's certificate is reported, too.
Host names are looked up only in the DNS. Private addresses are not contacted unless --allow-private or --connect is given.
Colours are used on a terminal. NO_COLOR=1 turns them off, FORCE_COLOR=1 turns them on.
Exit code: 0 no problems (there may be notes), 1 there are errors or warnings, 2 no domain could be examined.`,
  options: {
    all: { type: 'boolean', summary: 'every domain that the settings table and its directory list' },
    config: configOption,
    verbose: {
      type: 'boolean',
      summary: 'also show every name and URL without a problem; with --all, a report for each domain'
    },
    json: {
      type: 'boolean',
      summary: 'print JSON that includes every request; with --all, only together with --verbose'
    },
    client: { type: 'string', value: 'NAME', multiple: true, summary: 'only this mail program, such as thunderbird' },
    ...networkOptionDefinitions,
    timeout: {
      type: 'string',
      value: 'S',
      summary: `timeout of a single answer in seconds (default 5); a whole domain may take ${examinationBudget} times as long`
    },
    'password-stdin': { type: 'boolean', summary: 'log in to the servers with a password from standard input' }
  },
  async run(call) {
    return call.options.all === true ? await examineTable(call) : await examineSubject(call)
  }
}

async function examineSubject(call: Call): Promise<number> {
  const { terminal, options } = call
  const subject = subjectOf(call)
  const programs = programsOf(call)
  const network = networkOptions(call)
  const password = options['password-stdin'] === true ? await readPassword(terminal) : undefined
  const progress = createProgress(call)
  const { evidence, findings, ms } = await examineDomain(subject, {
    ...{ network, ...programs, password, progress, orderProblemOf: findOrderProblems(call) }
  }).finally(() => progress(''))
  if (options.json === true) terminal.out(jsonReport(evidence, { findings, ms }))
  else print(call, report(evidence, { findings, ms, isVerbose: options.verbose === true }))
  return findings.some(isGrave) ? 1 : 0
}

async function examineTable(call: Call): Promise<number> {
  const { terminal, options } = call
  const file = tableFile(call)
  const [programs, network] = [programsOf(call), networkOptions(call)]
  const source = openFile(file)
  const domains = await withServedDomains(source, { file, env: terminal.env }, async served => {
    const { domains, omissions } = await served.list()
    for (const line of omissions) terminal.err(`signpost: ${line}\n`)
    return domains
  })
  if (domains.length === 0) {
    terminal.err('signpost: there are no domains to examine\n')
    return 2
  }
  const show = createProgress(call)
  const started = performance.now()
  const results = await examineAll(domains, {
    ...{ network, ...programs, keepsEvidence: options.verbose === true },
    orderProblemOf: orderProblems(source.table, file),
    progress: ({ done, all, faulty, text }) =>
      show(`${progressBar(done, all)}${faulty === 0 ? '' : `, ${faulty} with problems`} ${text}`)
  }).finally(() => show(''))
  const seen = { file, results, ms: performance.now() - started }
  const kept = results.flatMap(({ examined }) => (examined === undefined ? [] : [examined]))
  if (options.json === true) {
    const reports = kept.map(({ evidence, findings, ms }) => toJsonReport(evidence, { findings, ms }))
    terminal.out(writeJsonReport({ ...toJsonOverview(seen), ...(options.verbose === true && { reports }) }))
  } else {
    const reports = kept.flatMap(examined => [[], [], ...evidenceOf(examined)])
    print(call, [...overview(seen, { isVerbose: options.verbose === true }), ...reports])
  }
  return exitCodeOf(results)
}

/** Why not verbose about a domain that does not exist: nothing else is known about it. */
function evidenceOf({ evidence, findings, ms }: ExaminedDomain): Line[] {
  return report(evidence, { findings, ms, isVerbose: findings.every(({ rule }) => rule !== 'dns.no-such-domain') })
}

function exitCodeOf(results: readonly ExaminedResult[]): number {
  if (results.every(({ failure }) => failure !== undefined)) return 2
  return results.some(({ failure, findings }) => failure !== undefined || findings.some(isGrave)) ? 1 : 0
}

function print({ terminal }: Call, lines: readonly Line[]): void {
  terminal.out(`${lines.map(createLineFormatter(terminal)).join('\n')}\n`)
}

/** @throws AC_USAGE */
function tableFile(call: Call): string {
  const { args, options, terminal } = call
  const [typed] = args
  if (options['password-stdin'] === true) {
    throw errors.usage({ problem: 'found --password-stdin and --all, expected one of them' })
  }
  if (typed !== undefined && options.config !== undefined) {
    throw errors.usage({ problem: `found "${typed}" and --config, expected one settings table` })
  }
  return existingConfigFile({ options: { config: options.config ?? typed }, args, terminal })
}

/** @throws AC_USAGE */
function subjectOf({ args: [text], options }: Call): Subject {
  if (text === undefined) {
    throw errors.usage({ problem: 'doctor: found nothing, expected a domain, a mail address or --all' })
  }
  const subject = toSubject(text)
  if (subject === undefined) throw errors.usage({ problem: `found "${text}", expected a domain or a mail address` })
  if (options['password-stdin'] === true && !subject.isAddressTyped) {
    throw errors.usage({
      problem: `--password-stdin: found the domain "${text}", expected a mail address to log in with`
    })
  }
  return subject
}

/** Why no programs for calendars with --client: it selects mail programs. @throws AC_USAGE */
function programsOf(call: Call): Pick<ExamineDomainOptions, 'clients' | 'davClients'> {
  const names = valuesOf(call, 'client')
  const unknown = names.find(name => !clients.some(client => client.name === name))
  if (unknown !== undefined) {
    const known = clients.map(({ name }) => name).join(', ')
    throw errors.usage({ problem: `--client: found "${unknown}", expected one of ${known}` })
  }
  return names.length === 0 ? { clients, davClients } : { clients: clients.filter(({ name }) => names.includes(name)) }
}

/** Why only the first line: a file that contains a password ends in a line feed. */
async function readPassword({ input }: Terminal): Promise<string> {
  const [password = ''] = (await input()).toString('utf8').split(/\r?\n/)
  if (password === '')
    throw errors.usage({ problem: '--password-stdin: found nothing on standard input, expected a password' })
  return password
}
