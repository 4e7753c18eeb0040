/**
 * Every fault that a probe can find, once: rule, severity, what was found, what to do.
 */
import { printable } from '../../settings/load/finding.ts'
import type { Fault } from '../probe.ts'
import { authenticationFaults } from './authentication-faults.ts'
import { connectionFaults } from './connection-faults.ts'
import { protocolFaults } from './protocol-faults.ts'
import { serviceFaults } from './service-faults.ts'
import { tlsFaults } from './tls-faults.ts'

/** Values for the places in braces. Those that come from a server are a stranger's. */
export type FaultDetails = Readonly<Record<string, string | number>>

const texts = { ...connectionFaults, ...protocolFaults, ...tlsFaults, ...authenticationFaults, ...serviceFaults }

export type FaultName = keyof typeof texts

/** Why: a stranger's text must not push the finding out of sight. */
const longest = 200

/** @returns the fault with the details in the places of its texts */
export function toFault(name: FaultName, details: FaultDetails): Fault {
  const [rule, severity, message, remedy] = texts[name]
  const fill = (text: string) => text.replace(/\{(\w+)\}/g, (_, key: string) => shown(details[key]))
  return { rule, severity, message: fill(message), remedy: fill(remedy) }
}

function shown(value: string | number | undefined): string {
  const characters = [...String(value)]
  return printable(characters.length > longest ? `${characters.slice(0, longest - 1).join('')}…` : characters.join(''))
}
