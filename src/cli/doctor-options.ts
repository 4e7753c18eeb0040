/**
 * The command line of `signpost doctor`, read and checked.
 */

import { clients } from '../clients/index.ts'
import type { Client } from '../clients/model/client.ts'
import { type Subject, toSubject } from '../doctor/look/examined-domain.ts'
import { errors } from '../errors.ts'
import { type Call, valuesOf } from './command.ts'
import { type NetworkOptions, networkOptions } from './network-options.ts'

export interface DoctorOptions extends NetworkOptions {
  readonly subject: Subject
  readonly clients: readonly Client[]
}

/** @throws AC_USAGE */
export function doctorOptions(call: Call): DoctorOptions {
  const { args, options } = call
  const [text = ''] = args
  const subject = toSubject(text)
  if (subject === undefined) throw errors.usage({ problem: `found "${text}", expected a domain or a mail address` })
  if (options['password-stdin'] === true && !subject.isAddressTyped) {
    throw errors.usage({
      problem: `--password-stdin: found the domain "${text}", expected a mail address to log in with`
    })
  }
  return {
    subject,
    clients: clientsOf(valuesOf(call, 'client')),
    ...networkOptions(call)
  }
}

function clientsOf(names: readonly string[]): readonly Client[] {
  const unknown = names.find(name => !clients.some(client => client.name === name))
  if (unknown !== undefined) {
    const known = clients.map(({ name }) => name).join(', ')
    throw errors.usage({ problem: `--client: found "${unknown}", expected one of ${known}` })
  }
  return names.length === 0 ? clients : clients.filter(({ name }) => names.includes(name))
}
