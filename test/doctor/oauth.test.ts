/**
 * OAuth servers in documents, and their metadata.
 */
import t from 'tap'
import type { OauthServer } from '../../src/doctor/look/examination.ts'
import { lookUpOauth } from '../../src/doctor/look/oauth-metadata.ts'
import type { DocumentKind } from '../../src/doctor/look/read-document.ts'
import type { NetworkWorld } from '../../src/network/network-world.ts'
import { autoconfigUrl, exchange, findings, visit } from '../support/doctor/seen.ts'
import { matchLists } from '../support/match-lists.ts'

const issuer = 'https://auth.example.com/realms/mail'
const metadataUrl = 'https://auth.example.com/.well-known/oauth-authorization-server/realms/mail'
const oidcUrl = 'https://auth.example.com/realms/mail/.well-known/openid-configuration'
const paccUrl = 'https://ua-auto-config.example.com/.well-known/user-agent-configuration.json'

const oAuth2 = (issuer: string, more = '') =>
  `<clientConfig><oAuth2><issuer>${issuer}</issuer><scope>mail</scope>${more}</oAuth2></clientConfig>`
const pacc = (issuer: unknown) => JSON.stringify({ authentication: { 'oauth-public': { issuer } } })

const documentAt = (family: DocumentKind, url: string, body: string) =>
  visit(family === 'profile' ? 'profile' : family, [exchange(url, body)])

/** @param answers responses by URL; other URLs respond with 404 */
async function look(visits: Parameters<typeof lookUpOauth>[0], answers: Readonly<Record<string, string>> = {}) {
  const asked: string[] = []
  const observe: NetworkWorld['observe'] = async ({ url }) => {
    asked.push(url)
    return exchange(url, answers[url] ?? { status: 404 })
  }
  const found = await lookUpOauth(visits, { observe } as NetworkWorld)
  return { asked, found, announced: found.map(each => each.announced) }
}

t.test('oauth: the metadata is requested at the URL of RFC 8414, and then at that of OpenID Connect', async t => {
  const visits = [documentAt('autoconfig', autoconfigUrl, oAuth2(issuer))]
  t.same((await look(visits)).asked, [metadataUrl, oidcUrl])
  t.same((await look(visits, { [metadataUrl]: '{}' })).asked, [metadataUrl])
  const root = [documentAt('autoconfig', autoconfigUrl, oAuth2('https://auth.example.com/'))]
  t.same((await look(root)).asked, [
    'https://auth.example.com/.well-known/oauth-authorization-server',
    'https://auth.example.com/.well-known/openid-configuration'
  ])
})

t.test('oauth: an issuer that is not an https URL without a query is not requested', async t => {
  for (const odd of [
    'login.example.com',
    'http://auth.example.com',
    'https://a@b.example',
    'https://a.example/?x',
    ''
  ]) {
    const { asked, found } = await look([documentAt('pacc', paccUrl, pacc(odd))])
    t.same(asked, [], odd)
    t.equal(found[0]?.exchange, undefined)
  }
})

t.test('oauth: everything that autoconfig and PACC announce is read, once for each document', async t => {
  const more = '<authURL>https://a.example/</authURL><tokenURL>https://t.example/</tokenURL><clientID> mail </clientID>'
  const body = oAuth2(issuer, more)
  const { announced } = await look([
    documentAt('autoconfig', `${autoconfigUrl}?emailaddress=x`, body),
    documentAt('autoconfig', 'https://example.com/.well-known/autoconfig/mail/config-v1.1.xml', body),
    documentAt('pacc', paccUrl, pacc(issuer))
  ])
  t.same(announced, [
    {
      from: autoconfigUrl,
      issuer,
      scope: 'mail',
      authorizationUrl: 'https://a.example/',
      tokenUrl: 'https://t.example/',
      clientId: 'mail',
      mayHaveClientId: true
    },
    {
      from: paccUrl,
      issuer,
      scope: undefined,
      authorizationUrl: undefined,
      tokenUrl: undefined,
      clientId: undefined,
      mayHaveClientId: false
    }
  ])
  const { announced: empty } = await look([
    documentAt('autoconfig', autoconfigUrl, '<clientConfig><oAuth2/></clientConfig>')
  ])
  matchLists(t, empty, [{ issuer: '', scope: undefined }])
})

t.test('oauth: documents without OAuth, other documents and errors announce nothing', async t => {
  const { announced } = await look([
    documentAt('autoconfig', autoconfigUrl, '<clientConfig/>'),
    documentAt('autoconfig', autoconfigUrl, 'not XML'),
    documentAt('autodiscover', autoconfigUrl, oAuth2(issuer)),
    ...[pacc(1), '{}', '[]', 'null', 'not JSON'].map(body => documentAt('pacc', paccUrl, body)),
    visit('autoconfig', [exchange(autoconfigUrl, { status: 404, body: oAuth2(issuer) })]),
    visit('autoconfig', [exchange(autoconfigUrl, oAuth2(issuer))], { isNonsense: true }),
    visit('autoconfig', [exchange(autoconfigUrl, oAuth2(issuer))], { isLoop: true }),
    visit('autoconfig', [exchange(autoconfigUrl, { kind: 'refused' })])
  ])
  t.same(announced, [])
})

t.test('oauth: at most four servers are contacted', async t => {
  const visits = [1, 2, 3, 4, 5, 6].map(id => documentAt('pacc', paccUrl, pacc(`https://${id}.example`)))
  const { announced } = await look(visits)
  t.same(
    announced.map(each => each.issuer),
    ['https://1.example', 'https://2.example', 'https://3.example', 'https://4.example']
  )
})

const announced: OauthServer['announced'] = {
  from: autoconfigUrl,
  issuer,
  scope: 'mail offline_access',
  authorizationUrl: `${issuer}/authorize`,
  tokenUrl: `${issuer}/token`,
  clientId: 'mail',
  mayHaveClientId: true
}
const metadata = {
  issuer,
  authorization_endpoint: `${issuer}/authorize`,
  token_endpoint: `${issuer}/token`,
  scopes_supported: ['mail', 'offline_access'],
  code_challenge_methods_supported: ['S256'],
  token_endpoint_auth_methods_supported: ['none', 'client_secret_basic']
}

const findingsWith = (changes: object, announcedChanges: Partial<OauthServer['announced']> = {}) =>
  findings({
    oauth: [
      {
        announced: { ...announced, ...announcedChanges },
        exchange: exchange(metadataUrl, JSON.stringify({ ...metadata, ...changes }))
      }
    ]
  })
const rulesOf = (...args: Parameters<typeof findingsWith>) =>
  findingsWith(...args).map(({ severity, rule }) => `${severity} ${rule}`)

t.test('oauth rules: no findings if the metadata agrees', async t => {
  t.same(rulesOf({}), [])
  t.same(rulesOf({ scopes_supported: undefined, token_endpoint_auth_methods_supported: undefined }), [])
  t.same(rulesOf({}, { authorizationUrl: undefined, tokenUrl: undefined, scope: undefined }), [])
  t.same(rulesOf({ registration_endpoint: `${issuer}/register` }, { clientId: undefined }), [])
})

t.test('oauth rules: each difference and each missing feature is reported', async t => {
  for (const [changes, rule, message] of [
    [{ issuer: `${issuer}/` }, 'error oauth.issuer-differs', `"${issuer}/"`],
    [{ authorization_endpoint: 'https://x.example/' }, 'error oauth.endpoint-differs', 'metadata https://x.example/.'],
    [{ token_endpoint: undefined }, 'error oauth.endpoint-differs', 'the metadata none.'],
    [{ scopes_supported: ['openid', 'mail'] }, 'warning oauth.unknown-scope', 'scope offline_access.'],
    [{ code_challenge_methods_supported: ['plain'] }, 'warning oauth.no-pkce', 'S256'],
    [{ code_challenge_methods_supported: undefined }, 'warning oauth.no-pkce', 'S256'],
    [{ token_endpoint_auth_methods_supported: ['client_secret_post'] }, 'warning oauth.requires-secret', 'a secret']
  ] as const) {
    t.same(rulesOf(changes), [rule])
    const [finding] = findingsWith(changes)
    t.match(finding?.message, message)
    t.equal(finding?.subject, issuer)
  }
})

t.test('oauth rules: programs need a client identifier or must be able to register themselves', async t => {
  t.same(rulesOf({}, { clientId: undefined }), ['warning oauth.no-client-id'])
  t.match(findingsWith({}, { clientId: undefined })[0]?.message, 'the document names none')
  t.match(
    findingsWith({}, { clientId: undefined, mayHaveClientId: false })[0]?.message,
    'the format has no place for one'
  )
})

t.test('oauth rules: missing and invalid metadata, and invalid issuers', async t => {
  const of = (server: Partial<OauthServer>) =>
    findings({ oauth: [{ announced, exchange: undefined, ...server }] }).map(
      ({ severity, rule, subject, message }) => `${severity} ${rule} ${subject}: ${message}`
    )
  t.same(of({ exchange: exchange(oidcUrl, { status: 404 }) }), [
    `warning oauth.no-metadata ${issuer}: The issuer has no metadata: the status is 404.`
  ])
  t.same(of({ exchange: exchange(oidcUrl, { kind: 'refused' }) }), [
    `warning oauth.no-metadata ${issuer}: The issuer has no metadata: it failed.`
  ])
  for (const body of ['<html>', '[]', '{}', '{"issuer":1}']) {
    t.match(of({ exchange: exchange(metadataUrl, body) })[0], `error oauth.invalid-metadata ${issuer}: The response at`)
  }
  t.match(
    of({ announced: { ...announced, issuer: 'login.example.com' } })[0],
    'warning oauth.invalid-issuer login.example.com'
  )
  t.match(of({ announced: { ...announced, issuer: '' } })[0], `warning oauth.invalid-issuer ${autoconfigUrl}`)
})

t.test('oauth rules: a cause that several documents share is reported once', async t => {
  const server = { announced, exchange: exchange(oidcUrl, { status: 404 }) }
  const oauth = [server, { ...server, announced: { ...announced, from: paccUrl } }]
  t.equal(findings({ oauth }).length, 1)
})

t.test('oauth rules: long foreign texts are cut', async t => {
  const [finding] = findingsWith({ issuer: 'x'.repeat(1000) })
  t.ok(String(finding?.message).length < 300)
  t.match(finding?.message, 'xxx…')
})
