/**
 * The account that the server answers a question from, for commands that print what it serves.
 */
import { createLogger } from '../http/log/access-log.ts'
import { type Domains, openDomains } from '../lookups/domains.ts'
import { toUserKey } from '../lookups/user.ts'
import type { Account } from '../settings/question/account.ts'
import type { Address } from '../settings/question/address.ts'
import { type AccountQuestion, resolve } from '../settings/question/resolution-order.ts'
import type { Table } from '../settings/table.ts'
import type { TableSource } from '../sources/source.ts'
import type { Terminal } from './command.ts'
import { withReason } from './directory-failure.ts'

export interface AskedAccount {
  /** As A-labels. */
  readonly domain: string
  readonly address?: Address | undefined
}

export interface ServedAccountOptions {
  /** The settings file. */
  readonly file: string
  readonly terminal: Pick<Terminal, 'env' | 'err'>
}

/**
 * Asks the table, and only if it does not know the answer alone, the directories and the DNS that it names. Closes them. Says so if
 * the login name is made up, because the mailbox is not in `users`.
 * @returns undefined if nothing is served
 * @throws AC_SETTINGS_INVALID, AC_UNAVAILABLE with the reason
 */
export async function servedAccount(
  tables: TableSource,
  { domain, address }: AskedAccount,
  { file, terminal }: ServedAccountOptions
): Promise<Account | undefined> {
  const question = { domain, host: undefined, address }
  // Why: the administrator may have neither the password of the database here, nor a way to reach it.
  if (isKnown(tables.table, { domain, address })) return resolve(tables.table, question)
  const logger = createLogger({ level: 'silent' }, process.stderr)
  const domains = await openDomains(tables, { file, env: terminal.env, logger })
  return await find(domains, question, terminal).finally(() => domains.close())
}

async function find(
  domains: Domains,
  question: AskedAccount & Pick<AccountQuestion, 'host'>,
  terminal: Pick<Terminal, 'err'>
): Promise<Account | undefined> {
  try {
    const account = await domains.source.find(question)
    if (account?.lookedUpNames !== undefined) await reportUnknown(account, domains, terminal)
    return account
  } catch (error) {
    const title = domains.users?.directory.up === false ? 'the directory of users' : 'the directory'
    throw withReason(error, { title, name: question.address?.text ?? question.domain })
  }
}

/** @param account with looked-up names, which only mailboxes of `users` have */
async function reportUnknown(
  account: Account,
  { source, users }: Domains,
  terminal: Pick<Terminal, 'err'>
): Promise<void> {
  const address = account.address as Address
  const key = toUserKey(address, source.table.settings.users?.recipientDelimiter)
  if ((await users?.directory.find(key)) !== undefined) return
  terminal.err(`signpost: users does not contain ${address.text}, so its login name is made up, as by the server\n`)
}

/** @returns whether the table alone has the account */
function isKnown(table: Table, { domain, address }: AskedAccount): boolean {
  const listed = table.find(domain)
  return listed !== undefined && (address === undefined || !listed.looksUpUsers)
}
