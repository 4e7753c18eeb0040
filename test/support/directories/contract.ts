/**
 * What every database must do as a directory, and every server of LDAP.
 */
import type { Test } from 'tap'
import type { Directory } from '../../../src/directories/directory.ts'
import type { RowReader } from '../../../src/directories/row-reader.ts'
import { type DirectoryEntry, entryReading } from '../../../src/lookups/directory-entry.ts'
import { userReading } from '../../../src/lookups/user.ts'

/** Statements that every database understands, to be run one after the other. */
export const contractTables = [
  'CREATE TABLE customer (domain VARCHAR(255) PRIMARY KEY, provider VARCHAR(64), host VARCHAR(255), name VARCHAR(60), active INTEGER)',
  `INSERT INTO customer VALUES
    ('plain.example', 'example', NULL, NULL, 1),
    ('unsaid.example', NULL, NULL, '', 1),
    ('white.example', 'example', 'mail.%EMAILDOMAIN%', 'Zoë & Söhne', 1),
    ('xn--bcher-kva.example', 'example', NULL, NULL, 1),
    ('away.example', 'example', NULL, NULL, 0)`,
  'CREATE TABLE mailbox (address VARCHAR(255) PRIMARY KEY, login VARCHAR(64), name VARCHAR(60))',
  `INSERT INTO mailbox VALUES
    ('jane@plain.example', 'u1234567', 'Zoë & Söhne'),
    ('o''neil+x@plain.example', 'u7654321', NULL)`
]

/** How one asks for what is in the tables. */
export interface Questions<Q> {
  readonly customer: Q
  /** The same, with the domain in more than one place. */
  readonly often: Q
  readonly mailbox: Q
  /** Of something that is not there. */
  readonly broken: Q
  /** What is said of it. */
  readonly wrong: RegExp
  /** Returns an unknown column "active". */
  readonly unfit?: Q
  /** Does not return the domain. */
  readonly keyless?: Q
  /** Writes, or tries to. */
  readonly writing?: Q
}

export const sqlQuestions: Questions<string> = {
  customer: 'SELECT domain, provider, host, name FROM customer WHERE domain = :domain AND active = 1',
  often: 'SELECT domain, provider FROM customer WHERE domain = :domain AND :domain <> domain OR domain = :domain;',
  mailbox: 'SELECT address, login AS username, name AS display_name FROM mailbox WHERE address = :address',
  broken: 'SELECT domain, provider FROM customers WHERE domain = :domain',
  wrong: /customers/,
  unfit: 'SELECT domain, provider, active FROM customer WHERE domain = :domain',
  keyless: 'SELECT provider FROM customer WHERE domain = :domain'
}

export interface Contract<Q> {
  readonly questions: Questions<Q>
  /** @param question with the parameter of the reading */
  readonly open: <V>(question: Q, reading: RowReader<V>) => Promise<Directory<V>>
}

/** Why not reserved names only: whoever asks may send what they like. */
const strange = [
  '',
  "' OR '1'='1",
  "plain.example' --",
  'plain.example\0',
  'plain_example',
  '%',
  '*',
  ':domain',
  '$1',
  '?',
  '\\',
  'plain.example)(o=*',
  'plain*',
  '\\2a',
  '*)(|(o=*',
  'x'.repeat(5000),
  '😀.example'
]

export function directoryContract<Q>(t: Test, name: string, { questions, open }: Contract<Q>): void {
  const { customer, often, mailbox, broken, wrong, unfit, keyless, writing } = questions

  async function opened(t: Test, question = customer): Promise<Directory<DirectoryEntry>> {
    const directory = await open(question, entryReading)
    t.teardown(() => directory.close())
    return directory
  }

  t.test(`${name}: finds what is there, as it says it`, async t => {
    const { find } = await opened(t)
    const said = (entry: DirectoryEntry | undefined) => entry && { provider: entry.provider, ...entry.overrides }
    t.same(said(await find('plain.example')), { provider: 'example' })
    t.same(said(await find('unsaid.example')), { provider: undefined })
    t.same(said(await find('white.example')), { provider: 'example', host: 'mail.%EMAILDOMAIN%', name: 'Zoë & Söhne' })
    t.same(said(await find('xn--bcher-kva.example')), { provider: 'example' })
  })

  t.test(`${name}: does not find what is not there, whatever it is called`, async t => {
    const { find } = await opened(t)
    for (const domain of ['none.example', 'away.example', ...strange]) {
      // Why also an error: PostgreSQL has no text with a NUL, and no domain has one either.
      t.equal(await find(domain).catch(() => undefined), undefined, JSON.stringify(domain.slice(0, 20)))
    }
    t.ok(await find('plain.example'))
  })

  t.test(`${name}: inserts the domain for every placeholder`, async t => {
    const { find } = await opened(t, often)
    t.equal((await find('plain.example'))?.provider, 'example')
    t.equal(await find('none.example'), undefined)
  })

  t.test(`${name}: answers a thousand at once, each with its own`, async t => {
    const { find } = await opened(t)
    const names = Array.from(
      { length: 1000 },
      (_, at) => ['plain.example', 'white.example', `${at}.example`][at % 3] ?? ''
    )
    const entries = await Promise.all(names.map(find))
    t.same(
      entries.map(entry => entry?.overrides?.host ?? entry?.provider),
      names.map(name => ({ 'plain.example': 'example', 'white.example': 'mail.%EMAILDOMAIN%' })[name])
    )
  })

  if (unfit !== undefined) {
    t.test(`${name}: rejects an unknown column, even if there is no row`, async t => {
      const { find } = await opened(t, unfit)
      await t.rejects(find('plain.example'), { code: 'AC_DIRECTORY_UNFIT', message: /"active"/ })
      await t.rejects(find('none.example'), { code: 'AC_DIRECTORY_UNFIT' })
    })
  }

  if (keyless !== undefined) {
    t.test(`${name}: refuses a query that does not return the domain, also where there is no row`, async t => {
      const { find } = await opened(t, keyless)
      await t.rejects(find('plain.example'), { code: 'AC_DIRECTORY_UNFIT', message: /no column "domain"/ })
      await t.rejects(find('none.example'), { code: 'AC_DIRECTORY_UNFIT' })
    })
  }

  t.test(`${name}: finds the owner of an address in the same way`, async t => {
    const directory = await open(mailbox, userReading)
    t.teardown(() => directory.close())
    t.same(await directory.find('jane@plain.example'), {
      names: { username: 'u1234567' },
      displayName: 'Zoë & Söhne'
    })
    t.same(await directory.find("o'neil+x@plain.example"), {
      names: { username: 'u7654321' },
      displayName: undefined
    })
    t.equal(await directory.find('neil@plain.example'), undefined)
  })

  t.test(`${name}: says what is wrong with a query`, async t => {
    const { find } = await opened(t, broken)
    await t.rejects(find('plain.example'), { name: 'DirectoryFailure', driverText: wrong })
    await t.rejects(find('plain.example'), { name: 'DirectoryFailure', driverText: wrong }, 'again')
  })

  if (writing !== undefined) {
    t.test(`${name}: writes nothing`, async t => {
      const { find } = await opened(t, writing)
      await t.rejects(find('plain.example'), { name: 'DirectoryFailure', driverText: /read.?only/i })
    })
  }

  t.test(`${name}: can be closed while a lookup waits`, async t => {
    const directory = await open(customer, entryReading)
    t.ok(await directory.find('plain.example'))
    directory.find('plain.example').catch(() => undefined)
    await directory.close()
  })
}
