/** Faults of what a server says in its protocol. */
import type { FaultTexts } from '../probe.ts'

export const protocolFaults = {
  otherGreeting: [
    'server.greeting',
    'error',
    'The server greets with "{found}", which is not {protocol}.',
    'Check which program listens on port {port}, and advertise the port of the {protocol} server.'
  ],
  turnedAway: [
    'server.turned-away',
    'error',
    'The server rejects the connection: "{found}".',
    'Check the log of the {protocol} server for a limit, a block list or maintenance.'
  ],
  preauth: [
    'server.preauth',
    'error',
    'The server greets with PREAUTH, as if a user had logged in.',
    'Make the IMAP server require a password. STARTTLS is not possible after PREAUTH.'
  ],
  garbled: [
    'server.garbled',
    'error',
    'The server sends "{found}" during the {stage}, which is not {protocol}.',
    'Check which program listens on port {port}, and what is between it and its clients.'
  ],
  capabilitiesRefused: [
    'server.capabilities-refused',
    'error',
    'The server does not list its capabilities: "{found}".',
    'Make the server answer {ask}, which mail programs send first.'
  ]
} as const satisfies FaultTexts
