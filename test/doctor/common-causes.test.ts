import t from 'tap'
import { commonCauses, type DomainFinding } from '../../src/doctor/common-causes.ts'
import { superlinear } from '../support/cpu-time.ts'

const finding = (changes: Partial<DomainFinding>): DomainFinding => ({
  ...{
    rule: 'http.refused',
    severity: 'error',
    subject: 'https://autoconfig.a.example',
    message: 'No server listens.'
  },
  ...{ remedy: 'Start it.', clients: ['geary'], affects: ['Geary'], ...changes }
})
const of = (domain: string, ...findings: DomainFinding[]) => ({ domain, findings })

t.test('common causes: a cause of one domain keeps its texts', async t => {
  const only = finding({ others: ['https://a.example'] })
  t.same(commonCauses([of('a.example', only)]), [{ ...only, domains: ['a.example'] }])
  t.same(commonCauses([of('a.example', finding({}))])[0]?.others, undefined)
  t.same(commonCauses([of('a.example')]), [])
})

t.test('common causes: the same cause at several domains is reported once, with <domain> in its texts', async t => {
  const at = (domain: string, clients: string[]) =>
    of(
      domain,
      finding({
        subject: `https://autoconfig.${domain}`,
        others: [`https://${domain}`],
        message: `The certificate is not for autoconfig.${domain}.`,
        remedy: `Get a certificate that includes autoconfig.${domain}.`,
        clients,
        affects: clients
      })
    )
  t.same(
    commonCauses([at('a.example', ['geary']), at('b.example', ['geary', 'kde'])]),
    [
      finding({
        subject: 'https://autoconfig.<domain>',
        others: ['https://<domain>'],
        message: 'The certificate is not for autoconfig.<domain>.',
        remedy: 'Get a certificate that includes autoconfig.<domain>.',
        clients: ['geary', 'kde'],
        affects: ['geary', 'kde']
      })
    ].map(cause => ({ ...cause, domains: ['a.example', 'b.example'] }))
  )
})

t.test('common causes: a server that several domains share is reported once', async t => {
  const shared = finding({ subject: 'imap imap.example.net:993' })
  const [cause, ...more] = commonCauses([of('a.example', shared), of('b.example', shared)])
  t.same(more, [])
  t.equal(cause?.subject, 'imap imap.example.net:993')
  t.same(cause?.domains, ['a.example', 'b.example'])
})

t.test('common causes: another rule, severity, host or message is another cause', async t => {
  for (const change of [
    { rule: 'http.slow' },
    { severity: 'warning' },
    { subject: 'https://b.example' },
    { message: 'It is slow.' }
  ] as const) {
    const same = finding({ subject: 'https://autoconfig.b.example' })
    const all = [of('a.example', finding({})), of('b.example', { ...same, ...change })]
    t.equal(commonCauses(all).length, 2, JSON.stringify(change))
  }
})

t.test('common causes: durations do not tell causes apart', async t => {
  const slow = (time: string) => finding({ subject: 'https://example.net', message: `The response takes ${time} s.` })
  const causes = commonCauses([of('a.example', slow('2.1')), of('b.example', slow('13.4'))])
  t.same(
    causes.map(({ message }) => message),
    ['The response takes 2.1 s.']
  )
})

t.test('common causes: if remedies differ, that of the first domain is shown with its name', async t => {
  const digest = (domain: string, value: string) =>
    of(domain, finding({ subject: domain, remedy: `Set the TXT record of ${domain} to ${value}.` }))
  t.equal(
    commonCauses([digest('a.example', '1'), digest('b.example', '2')])[0]?.remedy,
    'At a.example: Set the TXT record of a.example to 1.'
  )
})

t.test('common causes: only the domain itself becomes <domain>, not a part of longer names', async t => {
  const subject = 'a.example aa.example x-a.example a.example.net www.a.example, a.example. a.examples'
  const both = [
    of('a.example', finding({ subject })),
    of('c.example', finding({ subject: subject.replace(/(?<![\w-])a\.example(?![\w-]|\.\w)/g, 'c.example') }))
  ]
  t.equal(
    commonCauses(both)[0]?.subject,
    '<domain> aa.example x-a.example a.example.net www.<domain>, <domain>. a.examples'
  )
})

t.test('common causes: the most severe come first, then those of the most domains', async t => {
  const warning = finding({ severity: 'warning', subject: 'one' })
  const rare = finding({ subject: 'rare' })
  const common = finding({ subject: 'common' })
  const all = [of('a.example', warning, rare, common), of('b.example', warning, common)]
  t.same(
    commonCauses(all).map(({ subject }) => subject),
    ['common', 'rare', 'one']
  )
})

t.test('common causes: a domain that directly follows itself is part of another name', async t => {
  const subjects = ['a.example', 'a.examplea.example', 'xa.examplea.example', 'a.example a.example']
  const general = commonCauses([
    of('a.example', ...subjects.map(subject => finding({ subject, rule: subject }))),
    of(
      'b.example',
      ...subjects.map(text => finding({ subject: text.replaceAll('a.example', 'b.example'), rule: text }))
    )
  ])
  t.same([...new Set(general.map(({ subject }) => subject))].sort(), [
    '<domain>',
    '<domain> <domain>',
    'a.examplea.example',
    'b.exampleb.example',
    'xa.examplea.example',
    'xb.exampleb.example'
  ])
})

t.test('common causes: a foreign text that repeats the domain takes linear time', async t => {
  const run = (length: number) => commonCauses([of('a.example', finding({ message: 'a.example '.repeat(length) }))])
  t.equal(await superlinear(run, { size: 16_000, freeMs: 150 }), undefined)
})
