import t from 'tap'
import { noteOfWord, toMailProtocol } from '../../src/importers/mail-protocol.ts'

t.test('mail protocol: words that people write name one protocol, some of them with its encryption', async t => {
  for (const [word, protocol, security] of [
    ['imap', 'imap', undefined],
    ['IMAP4rev1', 'imap', undefined],
    ['imaps', 'imap', 'tls'],
    ['imap+ssl', 'imap', 'tls'],
    ['imap-tls', 'imap', undefined],
    ['pop', 'pop3', undefined],
    ['POP-3', 'pop3', undefined],
    ['pop3s', 'pop3', 'tls'],
    ['esmtp', 'smtp', undefined],
    ['smtps', 'smtp', 'tls'],
    ['submission', 'smtp', undefined],
    ['submissions', 'smtp', 'tls'],
    ['smtp/starttls', 'smtp', 'starttls'],
    ['sieve', 'managesieve', undefined]
  ] as const) {
    t.same(toMailProtocol(word), { protocol, security }, word)
  }
})

t.test('mail protocol: other words, and very long ones, name no protocol', async t => {
  for (const word of ['', 'mail', 'incoming', 'ssl', 'imappop', 'nntp', 'ldap', 'exchange', `imap${'-'.repeat(40)}`]) {
    t.equal(toMailProtocol(word), undefined, word)
  }
})

t.test('mail protocol: a comment names the word unless it is that of the format', async t => {
  t.equal(noteOfWord('IMAP', { protocol: 'imap' }), undefined)
  t.match(noteOfWord('imap4', { protocol: 'imap' }), /"imap4".* imap is an assumption/)
  t.match(noteOfWord('imap\n4', { protocol: 'imap' }), '"imap 4"', 'it stays on one line')
})
