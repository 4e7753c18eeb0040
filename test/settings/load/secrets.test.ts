/**
 * Findings print what was found, but no secret.
 */
import t from 'tap'
import { describe, withoutUserinfo } from '../../../src/settings/load/finding.ts'
import { load } from '../../../src/settings/load/load.ts'

const provider = `providers:
  - { id: a, name: A, domains: [a.example], servers: [{ protocol: imap, host: a.example }] }
`
const reportedFor = (yaml: string) =>
  load(yaml + provider, 'a.yaml')
    .findings.map(describe)
    .join('\n')

const directory = (fields: string) =>
  `directory: { type: postgres, database: a, query: "SELECT domain FROM a WHERE domain = :domain", ${fields} }\n`
const users = (fields: string) =>
  `users: { type: sqlite, file: a, query: "SELECT address FROM a WHERE address = :address", unknown: "a#", ${fields} }\n`
const redis = (value: string) => `limits: { rate: { redis: ${value} } }\n`

t.test('findings: no secret is printed, at any position and with any spelling of its key', async t => {
  for (const yaml of [
    redis('"redis://:hunter2@a.example:6379/x"'),
    redis('"redis://:hunter2/a@a.example"'),
    redis('"redis://:hunter2 a@a.example"'),
    redis('"redis:/user:hunter2@a.example"'),
    redis('"user:hunter2@a.example"'),
    redis('hunter2'),
    redis('[hunter2, a]'),
    'limits: { rate: { "redis://:hunter2@a.example": 1 } }\n',
    'limits:\n  rate:\n    redis:redis://:hunter2@a.example\n    seconds: 5\n',
    'limits: { rate: { redis: redis://:hunter2@a.example, redis: redis://:hunter2@b.example } }\n',
    'http: { publicUrl: "https://user:hunter2@a.example" }\n',
    'http: { publicUrl: "https://user:hunter2/x@a.example" }\n',
    'http: { trustProxy: ["http://user:hunter2@a.example"] }\n',
    'mxLookup: { resolvers: ["https://user:hunter2@a.example"] }\n',
    directory('passwordFile: [hunter2]'),
    directory('port: "postgres://user:hunter2@a.example"'),
    directory('channel: "postgres://user:hunter2@a.example"'),
    directory('security: "tls://user:hunter2@a.example"'),
    users('secretFile: { a: hunter2 }'),
    'admin: { port: "http://user:hunter2@a.example" }\n'
  ]) {
    const reported = reportedFor(yaml)
    t.not(reported, '', yaml)
    t.notMatch(reported, 'hunter2', yaml)
  }
  t.notMatch(reportedFor('users: { type: sqlite, secretFile: 31337 }\n'), '31337')
})

t.test('findings: what comes before the last @ of a URL is left out, and nothing of an address', async t => {
  t.equal(withoutUserinfo('redis://u:p@w@a.example/1'), '…@a.example/1')
  t.equal(withoutUserinfo('u:p@a.example'), '…@a.example')
  for (const text of ['jane@example.com', '@a/b', 'https://a.example/', '']) t.equal(withoutUserinfo(text), text)
})
