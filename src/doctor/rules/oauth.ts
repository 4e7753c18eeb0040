/**
 * Rules about OAuth: what documents announce, compared with the metadata of the issuer (RFC 8414). Mail programs are public
 * clients: they have no secret, and use PKCE (RFC 9700 2.1.1, draft-ietf-mailmaint-oauth-public-06).
 */
import { type JsonObject, parseObject } from '../../json.ts'
import type { Finding } from '../finding.ts'
import type { AnnouncedOauth, OauthServer } from '../look/examination.ts'
import type { Evidence } from './evidence.ts'

export function oauthRules({ oauth }: Evidence): Finding[] {
  // Why: several documents name the same server, and each cause is reported once.
  const findings = oauth.flatMap(findingsOf)
  return [...new Map(findings.map(finding => [JSON.stringify(finding), finding])).values()]
}

type UnplacedFinding = Pick<Finding, 'rule' | 'severity' | 'message' | 'remedy'>

/** Why without clients: nearly all mail programs use OAuth only for providers that they know. */
function findingsOf({ announced, exchange }: OauthServer): Finding[] {
  const { issuer } = announced
  const subject = issuer === '' ? announced.from : shown(issuer)
  const toFindings = (found: readonly UnplacedFinding[]) => found.map(each => ({ ...each, subject, clients: [] }))
  if (exchange === undefined) return toFindings([invalidIssuer(announced)])
  const { response, fault, request } = exchange
  if (response?.status !== 200) {
    const reason = response === undefined ? fault?.message : `the status is ${response.status}`
    return toFindings([
      {
        rule: 'oauth.no-metadata',
        severity: 'warning',
        message: `The issuer has no metadata: ${reason}.`,
        remedy: `Serve it at ${metadataUrlOf(issuer)} (RFC 8414), or correct the issuer.`
      }
    ])
  }
  const metadata = parseObject(response.body)
  if (typeof metadata.issuer !== 'string') {
    return toFindings([
      {
        rule: 'oauth.invalid-metadata',
        severity: 'error',
        message: `The response at ${shown(request.url)} is not the metadata of an OAuth server: it names no issuer.`,
        remedy: 'Serve a JSON object as in RFC 8414.'
      }
    ])
  }
  return toFindings([...differences(announced, metadata), ...obstacles(announced, metadata)])
}

function invalidIssuer({ from, issuer }: AnnouncedOauth): UnplacedFinding {
  return {
    rule: 'oauth.invalid-issuer',
    severity: 'warning',
    message: `${from} names the issuer "${shown(issuer)}", which is not an https URL without a query.`,
    remedy: 'Name the issuer exactly as its metadata does (RFC 8414).'
  }
}

/** What the document says differently from the metadata. */
function differences(announced: AnnouncedOauth, metadata: JsonObject): UnplacedFinding[] {
  const { issuer, authorizationUrl, tokenUrl } = announced
  const found: UnplacedFinding[] = []
  // Spec: RFC 8414 3.3: if they differ in a single character, programs must not use the metadata.
  if (metadata.issuer !== issuer) {
    found.push({
      rule: 'oauth.issuer-differs',
      severity: 'error',
      message: `The metadata names the issuer "${shown(metadata.issuer)}", so programs refuse it.`,
      remedy: 'Write the issuer in the settings exactly as the metadata does, including a slash at the end.'
    })
  }
  for (const [name, url, member] of [
    ['authorization page', authorizationUrl, 'authorization_endpoint'],
    ['token URL', tokenUrl, 'token_endpoint']
  ] as const) {
    if (url === undefined || metadata[member] === url) continue
    found.push({
      rule: 'oauth.endpoint-differs',
      severity: 'error',
      message: `The document names the ${name} ${shown(url)}, the metadata ${shown(metadata[member] ?? 'none')}.`,
      remedy: 'Correct the URL in the settings.'
    })
  }
  return found
}

/** Why mail programs could not log in. */
function obstacles({ scope = '', clientId, mayHaveClientId }: AnnouncedOauth, metadata: JsonObject): UnplacedFinding[] {
  const scopes = listOf(metadata.scopes_supported)
  const unsupported = scope.split(/\s+/).filter(each => each !== '' && scopes?.includes(each) === false)
  const methods = listOf(metadata.token_endpoint_auth_methods_supported)
  const found: UnplacedFinding[] = []
  if (unsupported.length > 0) {
    found.push({
      rule: 'oauth.unknown-scope',
      severity: 'warning',
      message: `The metadata does not list the scope ${shown(unsupported.join(', '))}.`,
      remedy: 'Correct the scope in the settings, or enable it in the OAuth server.'
    })
  }
  if (listOf(metadata.code_challenge_methods_supported)?.includes('S256') !== true) {
    found.push({
      rule: 'oauth.no-pkce',
      severity: 'warning',
      message: 'According to its metadata, the OAuth server does not support PKCE with S256.',
      remedy: 'Enable PKCE (RFC 7636). Mail programs have no secret and are not safe without it.'
    })
  }
  // Spec: RFC 8414 2: without this member, only client_secret_basic. Why not reported: many servers forget it.
  if (methods !== undefined && !methods.includes('none')) {
    found.push({
      rule: 'oauth.requires-secret',
      severity: 'warning',
      message: 'According to its metadata, the OAuth server requires a secret, which mail programs do not have.',
      remedy: 'Allow public clients: token_endpoint_auth_methods_supported must contain none.'
    })
  }
  const canRegister = typeof metadata.registration_endpoint === 'string'
  if (clientId === undefined && !canRegister) {
    found.push({
      rule: 'oauth.no-client-id',
      severity: 'warning',
      message: `Programs have no client identifier: the ${mayHaveClientId ? 'document names none' : 'format has no place for one'}, and they cannot register themselves.`,
      remedy: 'Enable dynamic client registration (RFC 7591) in the OAuth server, or set oauth.clientId for autoconfig.'
    })
  }
  return found
}

function listOf(value: unknown): readonly unknown[] | undefined {
  return Array.isArray(value) ? value : undefined
}

function metadataUrlOf(issuer: string): string {
  const { origin, pathname } = new URL(issuer)
  return shown(`${origin}/.well-known/oauth-authorization-server${pathname.replace(/\/$/, '')}`)
}

/** Why: a stranger's text must not push the finding out of sight. */
function shown(value: unknown): string {
  const text = String(value)
  return text.length > longest ? `${text.slice(0, longest - 1)}…` : text
}

const longest = 200
