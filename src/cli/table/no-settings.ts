/**
 * What commands say if there are no settings yet.
 */
import { existsSync } from 'node:fs'
import { errors, type SignpostError } from '../../errors.ts'
import { printable } from '../../settings/load/finding.ts'
import { readSettings } from '../../sources/read-file.ts'
import { type Call, configFile } from '../command.ts'

/**
 * @param error why the settings file cannot be used
 * @param file its name
 * @returns AC_NO_SETTINGS if the file has only comments, or if it does not exist and was not asked for; else the same error
 */
export function explainNoSettings(error: unknown, file: string, { isAskedFor }: { isAskedFor: boolean }): unknown {
  if (!isAskedFor && !existsSync(file)) return noSettings(`${file} does not exist`)
  const read = readSettings(file)
  return 'text' in read && isBlank(read.text) ? noSettings(`${file} has only comments`) : error
}

/** @returns the settings file. @throws AC_NO_SETTINGS if it does not exist and was not asked for */
export function existingConfigFile(call: Call): string {
  const file = configFile(call)
  if (call.options.config === undefined && !existsSync(file)) throw noSettings(`${file} does not exist`)
  return file
}

/** Why: the template that is shipped is such a file. */
function isBlank(text: string): boolean {
  return text.split('\n').every(line => /^\s*(?:#|---|$)/.test(line))
}

function noSettings(reason: string): SignpostError {
  return errors.noSettings({ reason: printable(reason), advice })
}

const advice = `  signpost serve --domain example.com --host mail.example.com    serves a domain without a file (see serve --help)
  SIGNPOST_DOMAINS=example.com SIGNPOST_HOST=mail.example.com    are the same as environment variables, for containers
  signpost init example.com                                      writes a table from what it finds at the domain
  signpost serve --domain example.com --host HOST --print        writes one to start from (save it, then use --config FILE)`
