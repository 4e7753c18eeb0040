/**
 * What is wrong with a PACC document: draft-ietf-mailmaint-pacc-03 4.
 */
import Type from 'typebox'
import { Compile } from 'typebox/compile'

const closed = { additionalProperties: false }
const host = Type.Object(
  {
    host: Type.String({ pattern: '^[a-z0-9]([a-z0-9-]*[a-z0-9])?(\\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*$', maxLength: 253 })
  },
  closed
)
/** No port, and nothing beyond ASCII. */
const place = (path: string) =>
  Type.Object({ url: Type.String({ pattern: `^https://([a-z0-9.-]+|\\[[0-9a-f:]+\\])${path}$` }) }, closed)
const davUrl = place('/[!-~]+')
const url = Type.String({ pattern: '^https://\\S+$' })

/** Narrower than the draft: authentication and info are optional there, but Himalaya (2026-08) wants them. */
const Configuration = Type.Object(
  {
    protocols: Type.Object(
      {
        jmap: Type.Optional(place('/[!-~]*')),
        caldav: Type.Optional(davUrl),
        carddav: Type.Optional(davUrl),
        webdav: Type.Optional(davUrl),
        imap: Type.Optional(host),
        pop3: Type.Optional(host),
        submit: Type.Optional(host),
        smtp: Type.Optional(host)
      },
      { ...closed, minProperties: 1 }
    ),
    authentication: Type.Object(
      { 'oauth-public': Type.Optional(Type.Object({ issuer: url }, closed)), password: Type.Boolean() },
      closed
    ),
    info: Type.Object(
      {
        provider: Type.Object({ name: Type.String(), shortName: Type.String() }, closed),
        help: Type.Optional(Type.Object({ documentation: url }, closed))
      },
      closed
    )
  },
  closed
)

const checker = Compile(Configuration)

export function configurationFaults(body: string): string[] {
  const value: unknown = JSON.parse(body)
  if (!checker.Check(value))
    return checker.Errors(value).map(({ instancePath, message }) => `${instancePath} ${message}`)
  const { protocols, authentication, info } = value
  return [
    ...nameFaults(info.provider.name, 60),
    ...nameFaults(info.provider.shortName, 20),
    ...(protocols.submit?.host === protocols.smtp?.host ? [] : ['submit and smtp differ']),
    ...(authentication.password || authentication['oauth-public'] !== undefined ? [] : ['no way to log in']),
    ...(body === JSON.stringify(value) ? [] : ['white space between values'])
  ]
}

/** Spec: characters, no control characters, no two spaces together. */
function nameFaults(name: string, most: number): string[] {
  return [...name].length > most || /\p{Cc}|^ | $| {2}|^$/u.test(name) ? [`the name ${name}`] : []
}
