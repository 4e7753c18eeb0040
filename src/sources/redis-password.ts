/**
 * The password for the Redis of `limits.rate`, from a file or from SIGNPOST_REDIS_PASSWORD.
 */
import { resolve } from 'node:path'
import type { Limits } from '../settings/limits.ts'
import { type PasswordFile, readPasswordFile } from './password-file.ts'

export interface RedisPasswordOptions {
  /** The folder of the settings file; file names are relative to it. */
  readonly folder: string
  readonly env: Readonly<Record<string, string | undefined>>
}

/** @returns the password, undefined if there is none, or why the file cannot be read */
export function readRedisPassword(
  { redisPasswordFile }: Pick<Limits['rate'], 'redisPasswordFile'>,
  { folder, env }: RedisPasswordOptions
): PasswordFile | { readonly password: string | undefined } {
  if (redisPasswordFile === undefined) return { password: env.SIGNPOST_REDIS_PASSWORD }
  return readPasswordFile(resolve(folder, redisPasswordFile))
}
