/**
 * What is wrong with an answer, whichever it is: settings must be valid, and anything else must not look like settings.
 */
import { autodiscoverFaults } from './autodiscover-faults.ts'
import { type Allowed, clientConfigFaults } from './client-config-faults.ts'
import { jsonFaults } from './json-faults.ts'
import { pageFaults } from './page-faults.ts'
import { profileFaults } from './profile-faults.ts'

interface Answer {
  readonly status: number
  readonly headers: Readonly<Record<string, string | number>>
  readonly body: string
}

/** @param allowed what autoconfig contains beyond the safest document */
export function answerFaults({ status, headers, body }: Answer, allowed: Allowed = {}): string[] {
  const length = Buffer.byteLength(body)
  // Why only where nobody takes it for settings: no mail program asks at the paths of pages.
  if (headers['content-type'] === 'text/html; charset=utf-8') return pageFaults({ headers, body })
  return [
    ...(status === 204 || Number(headers['content-length']) === length ? [] : [`not ${length} octets`]),
    ...(status === 200 ? settingsFaults(String(headers['content-type']), body, allowed) : refusalFaults(headers, body))
  ]
}

function settingsFaults(type: string, body: string, allowed: Allowed): string[] {
  if (type === 'application/x-apple-aspen-config') return profileFaults(body)
  // Spec: RFC 8259 11: JSON has no charset, and what reads it ignores one.
  if (/^application\/json(?:; charset=utf-8)?$/.test(type)) return jsonFaults(body, true)
  // Observed: Thunderbird 156 (FetchHTTP) compares the beginning, letter case included.
  if (!type.startsWith('text/xml; charset=utf-8')) return [`settings of type ${type}`]
  return body.includes('<clientConfig') ? clientConfigFaults(body, allowed) : autodiscoverFaults(body)
}

/** Observed: mail programs take any page of HTML or XML for settings, even one with an error status. */
function refusalFaults(headers: Answer['headers'], body: string): string[] {
  const type = headers['content-type']
  if (type === 'application/json; charset=utf-8') return jsonFaults(body, false)
  return [
    ...(body === '' || type === 'text/plain; charset=utf-8' ? [] : [`a refusal of type ${type}`]),
    ...(/[<>]/.test(body) ? ['a refusal with markup'] : []),
    ...('www-authenticate' in headers || 'set-cookie' in headers ? ['a refusal that asks for a password'] : [])
  ]
}
