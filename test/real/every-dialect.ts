// Sends curl requests in every dialect to a running Signpost, and compares the responses with what the sources render.

import type { Test } from 'tap'
import { run } from './program.ts'

export interface EveryDialectOptions {
  /** Where Signpost listens. */
  readonly origin: string
  readonly address: string
  /** The settings file that the responses must match. */
  readonly config: string
  /** Hosts of the servers that people are shown. */
  readonly imapHost: string
}

export async function askEveryDialect(t: Test, options: EveryDialectOptions): Promise<void> {
  const { origin, address, config, imapHost } = options
  const domain = address.slice(address.indexOf('@') + 1)

  async function get(path: string, host: string, more: readonly string[] = []): Promise<string> {
    const forwarded = ['--header', `Host: ${host}`]
    const { output } = await run('curl', ['--silent', '--show-error', ...forwarded, ...more, `${origin}${path}`])
    return output
  }

  async function rendered(dialect: string, more: readonly string[] = []): Promise<string> {
    const args = ['src/main.ts', 'render', dialect, address, '--config', config, ...more]
    return (await run(process.execPath, args)).output
  }

  const dialects = [
    ['thunderbird', `/mail/config-v1.1.xml?emailaddress=${address}`, `autoconfig.${domain}`],
    [
      'outlook-json',
      `/autodiscover/autodiscover.json?Email=${address}&Protocol=AutodiscoverV1`,
      `autodiscover.${domain}`
    ],
    ['pacc', '/.well-known/user-agent-configuration.json', `ua-auto-config.${domain}`],
    ['api', `/api/settings?email=${address}`, domain]
  ] as const
  await Promise.all(
    dialects.map(async ([dialect, path, host]) => {
      const form = dialect === 'outlook-json' ? ['--form', 'autodiscoverv1'] : []
      t.same(await get(path, host), await rendered(dialect, form), dialect)
    })
  )
  const profile = await get(`/email.mobileconfig?email=${address}`, `autoconfig.${domain}`)
  t.match(profile, `<string>${imapHost}</string>`)
  t.match(await get(`/setup?email=${address}`, `autoconfig.${domain}`), imapHost)
  const request = `<Autodiscover xmlns="http://schemas.microsoft.com/exchange/autodiscover/outlook/requestschema/2006"><Request><EMailAddress>${address}</EMailAddress><AcceptableResponseSchema>http://schemas.microsoft.com/exchange/autodiscover/outlook/responseschema/2006a</AcceptableResponseSchema></Request></Autodiscover>`
  const post = ['--data', request, '--header', 'Content-Type: text/xml']
  const answer = await get('/autodiscover/autodiscover.xml', `autodiscover.${domain}`, post)
  t.same(answer, await rendered('outlook'))
}
