/**
 * A settings table from options or environment variables, for `signpost serve` without a settings file.
 */
import { existsSync } from 'node:fs'
import { errors } from '../../errors.ts'
import { writeCommentedYaml } from '../../formats/commented-yaml.ts'
import { toId } from '../../importers/provider-id.ts'
import { everywhere, type ListenAddresses } from '../../serve/listen.ts'
import { load } from '../../settings/load/load.ts'
import type { ServerSettings, Settings } from '../../settings/schema.ts'
import { type Call, type Option, valuesOf } from '../command.ts'
import { type Given, serverOf } from './server-option.ts'

/** What findings call the table. */
export const optionsOrigin = 'command line'

export const settingsOptions = {
  domain: {
    type: 'string',
    value: 'DOMAIN',
    multiple: true,
    summary: 'serve this mail domain without a settings file (or SIGNPOST_DOMAINS, separated by commas)'
  },
  host: { type: 'string', value: 'HOST', summary: 'mail server: IMAP on port 993, SMTP on 465 (or SIGNPOST_HOST)' },
  imap: { type: 'string', value: 'SERVER', summary: 'another IMAP server (or SIGNPOST_IMAP)' },
  smtp: {
    type: 'string',
    value: 'SERVER',
    summary: 'another SMTP server, such as :587/starttls (or SIGNPOST_SMTP)'
  },
  pop3: { type: 'string', value: 'SERVER', summary: 'a POP3 server too, such as :995 (or SIGNPOST_POP3)' },
  name: { type: 'string', value: 'NAME', summary: 'shown in mail programs; default: the domain (or SIGNPOST_NAME)' },
  username: {
    type: 'string',
    value: 'PATTERN',
    summary: 'login name; default: %EMAILADDRESS%; or %EMAILLOCALPART% (or SIGNPOST_USERNAME)'
  },
  'trust-proxy': {
    type: 'string',
    value: 'NETWORK',
    multiple: true,
    summary: 'reverse proxy whose X-Forwarded headers are trusted, such as 172.16.0.0/12 (or SIGNPOST_TRUST_PROXY)'
  },
  print: { type: 'boolean', summary: 'write the settings table that these options stand for, and exit' }
} as const satisfies Record<string, Option>

type SettingsOption = Exclude<keyof typeof settingsOptions, 'print'>

const variables: Readonly<Record<SettingsOption, string>> = {
  domain: 'SIGNPOST_DOMAINS',
  host: 'SIGNPOST_HOST',
  imap: 'SIGNPOST_IMAP',
  smtp: 'SIGNPOST_SMTP',
  pop3: 'SIGNPOST_POP3',
  name: 'SIGNPOST_NAME',
  username: 'SIGNPOST_USERNAME',
  'trust-proxy': 'SIGNPOST_TRUST_PROXY'
}

/**
 * Options win over variables, and a domain that is given by an option wins over SIGNPOST_CONFIG.
 * @returns a table that can be served; undefined if no domain is given, so that the settings come from a file
 * @throws AC_USAGE
 */
export function settingsOf(call: Call): Settings | undefined {
  const [typed] = Object.keys(settingsOptions).filter(name => call.options[name] !== undefined)
  if (call.options.config !== undefined && typed !== undefined) {
    throw errors.usage({ problem: `--${typed}: found --config too, expected only one of them` })
  }
  const domains = call.options.config === undefined ? listOf(call, 'domain') : undefined
  if (domains === undefined) {
    if (typed === undefined) return undefined
    throw errors.usage({ problem: `--${typed}: found no domain, expected --domain example.com too` })
  }
  const file = call.terminal.env.SIGNPOST_CONFIG
  if (call.options.domain === undefined && file && existsSync(file)) {
    const problem = `SIGNPOST_DOMAINS: found SIGNPOST_CONFIG=${file} too, and the file exists; expected only one of them`
    throw errors.usage({ problem })
  }
  return checked(call, domains)
}

/** @returns the table as YAML, with the places to listen and the number of workers; fit to be kept as a settings file */
export function printTable(
  { http: set, ...rest }: Settings,
  { http, admin }: ListenAddresses,
  workers: number
): string {
  const listening = {
    ...(http.host !== everywhere.v6 && { host: http.host }),
    ...portOf(http.port, 8080),
    ...(workers > 1 && { workers }),
    ...set
  }
  const table = {
    ...(Object.keys(listening).length > 0 && { http: listening }),
    ...(admin && { admin: { host: admin.host, ...portOf(admin.port, 9090) } }),
    ...rest
  }
  return writeCommentedYaml(table, [{ path: [], text: 'Written by signpost serve --print.' }])
}

/** Why not 0: it stands for any free port, which a table cannot express. */
function portOf(port: number, usual: number): { readonly port?: number } {
  return port === usual || port === 0 ? {} : { port }
}

type Labelled<Value> = readonly [label: string, value: Value]

/** @throws AC_USAGE that names the option or variable of the first error */
function checked(call: Call, domains: readonly [Given, ...Given[]]): Settings {
  const [first] = domains
  const name = givenBy(call, 'name') ?? { label: '--name', text: first.text.replace(/^\*\.?/, '') || 'Mail' }
  const username = givenBy(call, 'username')
  const proxies = listOf(call, 'trust-proxy')
  const servers = serversOf(call)
  const settings: Settings = {
    ...(proxies && { http: { trustProxy: proxies.map(({ text }) => text) } }),
    providers: [
      {
        id: toId(first.text),
        name: name.text,
        domains: domains.map(({ text }) => text),
        ...(username && { username: username.text }),
        servers: servers.map(([, server]) => server)
      }
    ]
  }
  const { findings } = load(JSON.stringify(settings), optionsOrigin)
  const faulty = findings.find(({ severity }) => severity === 'error')
  if (faulty === undefined) return settings
  const labels: readonly Labelled<string>[] = [
    ...(proxies ?? []).map(({ label }, index): Labelled<string> => [label, `http.trustProxy[${index}]`]),
    ...domains.map(({ label }, index): Labelled<string> => [label, `providers[0].domains[${index}]`]),
    ...servers.map(([label], index): Labelled<string> => [label, `providers[0].servers[${index}]`]),
    [name.label, 'providers[0].name']
  ]
  const [label] = labels.find(([, path]) => faulty.path.startsWith(path)) ?? [username?.label]
  throw errors.usage({ problem: `${label}: ${faulty.message}` })
}

/** @throws AC_USAGE if a program would not learn how to read or to send mail */
function serversOf(call: Call): Labelled<ServerSettings>[] {
  const host = givenBy(call, 'host')
  const given = { imap: givenBy(call, 'imap'), pop3: givenBy(call, 'pop3'), smtp: givenBy(call, 'smtp') }
  if (host === undefined && (given.smtp === undefined || (given.imap ?? given.pop3) === undefined)) {
    const problem = 'found no mail server, expected --host mail.example.com (or SIGNPOST_HOST), or --imap and --smtp'
    throw errors.usage({ problem })
  }
  if (host !== undefined && /[:/]/.test(host.text)) {
    const problem = `found "${host.text}", expected a host name alone; ports belong to --imap, --smtp and --pop3`
    throw errors.usage({ problem: `${host.label}: ${problem}` })
  }
  const all = { imap: given.imap ?? host, pop3: given.pop3, smtp: given.smtp ?? host }
  return (['imap', 'pop3', 'smtp'] as const).flatMap(protocol => {
    const one = all[protocol]
    return one === undefined ? [] : [[one.label, serverOf(protocol, one, host?.text)] as const]
  })
}

/** @returns what the option says, else its variable; undefined if neither is set */
function givenBy({ options, terminal }: Call, name: SettingsOption): Given | undefined {
  const typed = options[name]
  if (typeof typed === 'string') return { label: `--${name}`, text: typed }
  const text = terminal.env[variables[name]]
  // Why: containers are often started with variables that are set, but empty.
  return text ? { label: variables[name], text } : undefined
}

/** @returns undefined if neither the option nor its variable is set. @throws AC_USAGE for a list without a value */
function listOf(call: Call, name: 'domain' | 'trust-proxy'): readonly [Given, ...Given[]] | undefined {
  const typed = valuesOf(call, name)
  const label = typed.length > 0 ? `--${name}` : variables[name]
  const text = typed.length > 0 ? typed.join(',') : call.terminal.env[label]
  if (!text) return undefined
  const [first, ...rest] = text.split(/[,\s]+/).filter(each => each !== '')
  if (first === undefined) {
    throw errors.usage({ problem: `${label}: found "${text}", expected ${settingsOptions[name].value}` })
  }
  return [{ label, text: first }, ...rest.map(each => ({ label, text: each }))]
}
