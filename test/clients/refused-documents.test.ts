/**
 * The models of mail programs refuse documents with the mistakes that their XML parsers refuse.
 */
import t from 'tap'
import { clients } from '../../src/clients/index.ts'
import type { World } from '../../src/clients/model/world.ts'
import { address, autodiscover, clientConfig } from '../support/clients/plain-document.ts'

const beforeText = /(?<=<displayName>|<SPA>)/
const beforeElement = /(?=<emailProvider|<Account>)/

const mistakes: Readonly<Record<string, (document: string) => string>> = {
  'an entity of HTML': document => document.replace(beforeText, '&nbsp;'),
  'an unknown entity': document => document.replace(beforeText, '&example;'),
  'an unknown entity in an attribute': document =>
    document.replace(/(?<=<(?:emailProvider id|Response xmlns)=")/, '&example;'),
  'a control character': document => document.replace(beforeText, '\u0001'),
  'a bare ampersand': document => document.replace(beforeText, 'a & b'),
  'a bare ampersand in an attribute': document =>
    document.replace(/(?<=<(?:emailProvider id|Response xmlns)=")/, 'a&b=c '),
  'an ampersand without a semicolon': document =>
    document.replace(/(?<=<(?:emailProvider id|Response xmlns)=")/, 'a&amp b'),
  'hyphens in a comment': document => document.replace(beforeElement, '<!-- a -- b -->'),
  'an element without an end': document => document.replace(/<\/(?:emailProvider|Account)>/, ''),
  'an end with another name': document => document.replace(/<\/(?:hostname|Server)>/, '</other>'),
  'text after the end': document => `${document}more`
}

// Observed: quick-xml of Delta Chat reports events up to a mistake, and checks neither characters nor comments; fast-xml-parser of
// EmailEngine and GLib's GMarkup of Evolution check fewer things than XML demands.
const lenient: Readonly<Record<string, readonly string[]>> = {
  'delta-chat': [
    'an entity of HTML',
    'an unknown entity',
    'an unknown entity in an attribute',
    'a control character',
    'a bare ampersand in an attribute',
    'an ampersand without a semicolon',
    'hyphens in a comment',
    'text after the end'
  ],
  emailengine: [
    'an entity of HTML',
    'an unknown entity',
    'an unknown entity in an attribute',
    'a control character',
    'a bare ampersand in an attribute',
    'an ampersand without a semicolon',
    'hyphens in a comment'
  ],
  evolution: ['a control character', 'hyphens in a comment']
}

/** Answers every request with the same document. */
function worldOf(change: (document: string) => string): World {
  const bodyOf = (url: string) => change(/autodiscover/i.test(url) ? autodiscover : clientConfig)
  return {
    exchange: async ({ url }) => ({ status: 200, headers: { 'content-type': 'text/xml' }, body: bodyOf(url) }),
    dns: { mx: async () => [], srv: async () => [], txt: async () => [], ns: async () => [], isHost: async () => false }
  }
}

// Why not apple: it reads property lists.
for (const client of clients.filter(({ name }) => name !== 'apple')) {
  t.test(`${client.name}: refuses what its XML parser refuses`, async t => {
    const finds = async (change: (document: string) => string) =>
      (await client.discover(address, worldOf(change))).account !== undefined
    t.ok(await finds(String), 'the document without a mistake')
    const accepted = []
    for (const [name, change] of Object.entries(mistakes)) if (await finds(change)) accepted.push(name)
    t.same(accepted, lenient[client.name] ?? [])
  })
}
