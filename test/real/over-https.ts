// What mail programs get for a domain over https with a valid certificate, with curl: autoconfig, autodiscover and the profile.

import type { Test } from 'tap'
import { run } from './program.ts'

export interface HttpsAnswers {
  /** Thunderbird autoconfig, XML. */
  readonly autoconfig: string
  /** Outlook autodiscover (POX), the answer to a POST. */
  readonly autodiscover: string
  /** The Apple profile. */
  readonly profile: string
}

/** @param root the trusted root certificate, PEM. @returns the bodies; what is not answered with 200 is empty */
export async function askOverHttps(domain: string, root: string): Promise<HttpsAnswers> {
  const ask = async (url: string, more: readonly string[] = []) => {
    // Why retried: a service that has just started on a busy machine refuses requests for some seconds.
    const retry = ['--retry', '10', '--retry-delay', '1', '--retry-all-errors', '--retry-max-time', '60']
    const options = ['--silent', '--fail', '--max-time', '20', ...retry, '--cacert', root]
    const { exitCode, output } = await run('curl', [...options, ...more, url])
    return exitCode === 0 ? output : ''
  }
  const request = `<Autodiscover xmlns="http://schemas.microsoft.com/exchange/autodiscover/outlook/requestschema/2006"><Request><EMailAddress>jane@${domain}</EMailAddress><AcceptableResponseSchema>http://schemas.microsoft.com/exchange/autodiscover/outlook/responseschema/2006a</AcceptableResponseSchema></Request></Autodiscover>`
  const post = ['--data', request, '--header', 'Content-Type: text/xml']
  return {
    autoconfig: await ask(`https://autoconfig.${domain}/mail/config-v1.1.xml?emailaddress=jane@${domain}`),
    autodiscover: await ask(`https://autodiscover.${domain}/autodiscover/autodiscover.xml`, post),
    profile: await ask(`https://autoconfig.${domain}/email.mobileconfig?email=jane@${domain}`)
  }
}

/** Passes if all three name the server. */
export async function servesOverHttps(
  t: Test,
  domain: string,
  { root, imapHost }: { readonly root: string; readonly imapHost: string }
): Promise<void> {
  const { autoconfig, autodiscover, profile } = await askOverHttps(domain, root)
  t.match(autoconfig, `<hostname>${imapHost}</hostname>`, `autoconfig of ${domain}`)
  t.match(autodiscover, `<Server>${imapHost}</Server>`, `autodiscover of ${domain}`)
  t.match(profile, `<string>${imapHost}</string>`, `profile of ${domain}`)
}
