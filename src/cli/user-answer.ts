/**
 * What the directory of users says of one address, for whoever sets it up: the display name too, which nobody else is told.
 */
import { errors } from '../errors.ts'
import { toLogin, toUserKey, type User, userReading } from '../lookups/user.ts'
import { toAddress } from '../settings/address.ts'
import type { Table } from '../settings/table.ts'
import { askDirectory, type DirectoryAnswer, type DirectoryQuestion, right, wrong } from './ask-directory.ts'

/** @param asked an address as typed. @throws AC_USAGE, AC_SETTINGS_INVALID */
export async function userAnswer(table: Table, asked: DirectoryQuestion): Promise<DirectoryAnswer> {
  const address = toAddress(asked.name)
  const { users } = table.settings
  if (address === undefined) {
    throw errors.usage({ problem: `--lookup: found "${asked.name}", expected an address such as jane@example.com` })
  }
  if (users === undefined) throw errors.usage({ problem: '--lookup: found no users in the table to ask' })
  const provider = table.find(address.domain)
  if (provider?.looksUpUsers === false) {
    return right(`${address.text} is of provider ${provider.id}: the directory of users is not asked`)
  }
  const name = toUserKey(address, users.recipientDelimiter)
  const found = await askDirectory(users, userReading, { ...asked, name })
  return 'problem' in found ? wrong(`the directory of users ${found.problem}`) : tell(name, found.answer)
}

function tell(address: string, user: User | undefined): DirectoryAnswer {
  if (user === undefined) return right(`the directory of users does not know ${address}`)
  const usable = toLogin(user)
  if ('problem' in usable) return wrong(`the directory of users knows ${address}, but ${usable.problem}`)
  const { displayName } = user
  return right(
    `${address} logs in as ${usable.login}${displayName === undefined ? '' : `, display name ${displayName}`}`
  )
}
