/**
 * Documents of a foreign domain: each foreign format, valid, damaged, or with one part repeated.
 */
import { readdirSync, readFileSync } from 'node:fs'
import { autodiscover, clientConfig } from '../../support/clients/plain-document.ts'
import { readImportFile } from '../../support/importers/import-file.ts'
import type { Random } from '../random.ts'

const golden = new URL('../../golden/import/', import.meta.url)

const pacc = JSON.stringify({
  protocols: { imap: { host: 'imap.example.com' }, smtp: { host: 'smtp.example.com' }, caldav: { url: 'https://x/' } },
  authentication: { password: true, 'oauth-public': { issuer: 'https://x/' } },
  info: { provider: { name: 'x', shortName: 'y' }, help: { documentation: 'https://x/' } }
})

const jmap = JSON.stringify({ capabilities: { 'urn:ietf:params:jmap:core': {} }, accounts: {}, apiUrl: 'https://x/' })

const redirect = autodiscover.replace(/<Action>.*<\/Account>/s, '<Action>redirectUrl</Action></Account>')

const documents: readonly [string, ...string[]] = [
  clientConfig,
  ...readdirSync(golden).map(name => readImportFile(readFileSync(new URL(name, golden), 'utf8')).source),
  autodiscover,
  redirect,
  pacc,
  jmap,
  '<multistatus xmlns="DAV:"><response/></multistatus>',
  '<!DOCTYPE html><html><p>x</p></html>',
  ''
]

/** Texts that are difficult for parsers, or that a terminal or a table must not get unchanged. */
const pieces = [
  '<',
  '>',
  '</',
  '/>',
  '"',
  "'",
  '=',
  '&',
  '&#0;',
  '&#x10ffff;',
  '&lol;',
  '<!--',
  '-->',
  '<![CDATA[',
  ']]>',
  '<!DOCTYPE a [<!ENTITY b "c">]>',
  '<!DOCTYPE',
  '<?xml',
  '\0',
  '\u001b[2J',
  '\u009b31m',
  '\u202e',
  '\u2028',
  '\ufeff',
  '\ud800',
  '\u{e0041}',
  '\r\n',
  '\t',
  ' ',
  '{',
  '}',
  '[',
  ',',
  ': ',
  '%EMAILADDRESS%',
  '%EMAILLOCALPART%.%EMAILDOMAIN%',
  'EVOLUTIONUSER',
  '__proto__',
  'constructor',
  '- &a',
  '*a',
  '65536',
  '-1',
  '1e999',
  'NaN',
  '漢',
  'xn--',
  'https://',
  '..',
  '@'
] as const

export function anyDocument(random: Random): string {
  let text: string = random.pick(documents)
  for (let changes = random.below(6); changes > 0; changes--) text = changed(text, random)
  return text
}

/** Maximum number of characters that one change adds. Why: larger inputs mean fewer of them. */
const mostAdded = 32_768

function changed(text: string, random: Random): string {
  const at = random.below(text.length + 1)
  const end = at + random.below(random.chance(70) ? 40 : 2000)
  const cut = text.slice(at, end)
  const kind = random.below(100)
  if (kind < 25) return text.slice(0, at) + text.slice(end)
  if (kind < 50) return text.slice(0, at) + random.pick(pieces) + text.slice(at)
  if (kind < 65) return text.slice(0, at) + random.pick(pieces) + text.slice(end)
  if (kind < 75) return text.slice(0, at) + random.pick(documents).slice(random.below(500)) + text.slice(at)
  const unit = kind < 88 ? random.pick(pieces) : cut || 'x'
  const most = random.chance(10) ? mostAdded : 400
  return text.slice(0, at) + unit.repeat(random.below(Math.ceil(most / unit.length) + 1)) + text.slice(at)
}
