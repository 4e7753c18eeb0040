/**
 * The tests that every database and every LDAP server must pass as a directory.
 */
import type { Test } from 'tap'
import type { Directory } from '../../../src/directories/directory.ts'
import type { RowReader } from '../../../src/directories/row-reader.ts'
import { type DirectoryEntry, entryReading } from '../../../src/lookups/directory-entry.ts'
import { userReading } from '../../../src/lookups/user.ts'

/** Statements that every database supports, to run one after the other. */
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

/** Queries for the contents of the tables. */
export interface Questions<Q> {
  readonly customer: Q
  /** The same, with the domain in several places. */
  readonly often: Q
  readonly mailbox: Q
  /** A query for a missing table. */
  readonly broken: Q
  /** Pattern of the resulting message. */
  readonly wrong: RegExp
  /** Returns an unknown column "active". */
  readonly unfit?: Q
  /** Does not return the domain. */
  readonly keyless?: Q
  /** Tries to write. */
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
  /** @param question with the parameter of the reader */
  readonly open: <V>(question: Q, reading: RowReader<V>) => Promise<Directory<V>>
}

/** Why any name: clients may send anything. */
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

  t.test(`${name}: returns existing rows unchanged`, async t => {
    const { find } = await opened(t)
    const contents = (entry: DirectoryEntry | undefined) => entry && { provider: entry.provider, ...entry.overrides }
    t.same(contents(await find('plain.example')), { provider: 'example' })
    t.same(contents(await find('unsaid.example')), { provider: undefined })
    t.same(contents(await find('white.example')), {
      provider: 'example',
      host: 'mail.%EMAILDOMAIN%',
      name: 'Zoë & Söhne'
    })
    t.same(contents(await find('xn--bcher-kva.example')), { provider: 'example' })
  })

  t.test(`${name}: does not find missing rows for any name`, async t => {
    const { find } = await opened(t)
    for (const domain of ['none.example', 'away.example', ...strange]) {
      // Why an error is allowed, too: PostgreSQL does not support NUL in texts, and no domain contains it.
      t.equal(await find(domain).catch(() => undefined), undefined, JSON.stringify(domain.slice(0, 20)))
    }
    t.ok(await find('plain.example'))
  })

  t.test(`${name}: inserts the domain for every placeholder`, async t => {
    const { find } = await opened(t, often)
    t.equal((await find('plain.example'))?.provider, 'example')
    t.equal(await find('none.example'), undefined)
  })

  t.test(`${name}: answers a thousand simultaneous questions correctly`, async t => {
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
    t.test(`${name}: rejects a query that does not return the domain, even if there is no row`, async t => {
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

  t.test(`${name}: reports errors in a query`, async t => {
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
